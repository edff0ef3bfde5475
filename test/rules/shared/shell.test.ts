// The commands of fixes, run by a real shell and a real find on a real tree; and every fix parsed by sh.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Facts } from "../../../src/facts/facts.ts";
import { entryRules } from "../../../src/rules/entries.ts";
import { moduleAccessRules, moduleRules } from "../../../src/rules/modules.ts";
import { shareWithGroup } from "../../../src/rules/shared/grant.ts";
import {
  anyBitOf,
  asRoot,
  findInCache,
  goAs,
  insideModules,
  outsideModules,
  useOwnCache,
} from "../../../src/rules/shared/shell.ts";
import { cachePath, devsAcl, dir, entry, factsFor, file, record, seen, subject } from "../sample-cache.ts";

const hasAcls = ((): boolean => {
  const probe = mkdtempSync(join(tmpdir(), "gomodcache-acl-"));
  const { status } = spawnSync("setfacl", ["-m", "g:3000:rwx", probe]);
  rmSync(probe, { recursive: true });
  return status === 0;
})();

const facts = factsFor(subject(1000), dir(0o755));

function at(path: string, changes: Partial<Facts["cache"]> = {}): Facts {
  return { ...facts, cache: { ...facts.cache, path, realPath: path, ...changes } };
}

describe("on a real tree whose name needs quotes", () => {
  const module = "example.com/alpha@v1.0.0";
  const record = "cache/download/example.com/alpha/@v";
  let root = "";

  beforeEach(() => {
    root = join(mkdtempSync(join(tmpdir(), "gomodcache-")), "it's [a] *cache*");
    mkdirSync(join(root, record), { recursive: true });
    mkdirSync(join(root, module, "internal"), { recursive: true });
    writeFileSync(join(root, record, "list"), "v1.0.0\n");
    writeFileSync(join(root, module, "internal/a.go"), "package internal\n");
    for (const directory of ["", "cache", "example.com", record, module, `${module}/internal`]) {
      chmodSync(join(root, directory), 0o775);
    }
  });

  afterEach(() => rmSync(join(root, ".."), { recursive: true, force: true }));

  const mode = (path: string): string => (statSync(join(root, path)).mode & 0o7777).toString(8);
  const run = (command: string): string => execFileSync("sh", ["-c", command], { encoding: "utf8" });

  test("insideModules reaches extracted modules and nothing else", () => {
    run(findInCache(at(root), `${insideModules(at(root))} -type d ${anyBitOf("020", "002")} -exec chmod a-w {} +`));
    expect(["", "cache", "example.com", record].map(mode)).toEqual(["775", "775", "775", "775"]);
    expect([module, `${module}/internal`].map(mode)).toEqual(["555", "555"]);
    run(findInCache(at(root), `${insideModules(at(root))} -type d -exec chmod u+w {} +`));
  });

  test("outsideModules reaches all other directories, also @v", () => {
    run(findInCache(at(root), `${outsideModules(at(root))} -type d -exec chmod go-w {} +`));
    expect(["", "cache", "example.com", record].map(mode)).toEqual(["755", "755", "755", "755"]);
    expect([module, `${module}/internal`].map(mode)).toEqual(["775", "775"]);
  });

  test.skipIf(!hasAcls)(
    "needs setfacl and ACLs in the temporary directory: shareWithGroup gives the group directories and what is written in place, but no extracted module",
    () => {
      run(shareWithGroup(at(root), 3000));
      const acl = (path: string): string => execFileSync("getfacl", ["-cnp", join(root, path)], { encoding: "utf8" });
      expect(acl(record)).toContain("default:group:3000:rwx");
      expect(acl(`${record}/list`)).toContain("group:3000:rw-");
      expect(acl(module)).not.toContain("group:3000");
      expect(acl(`${module}/internal`)).not.toContain("group:3000");
    },
  );

  test("the fix of owner-only-entries opens what is closed and keeps x off files", () => {
    chmodSync(join(root, module, "internal/a.go"), 0o400);
    chmodSync(join(root, module), 0o700);
    const rule = entryRules.find(({ id }) => id === "owner-only-entries");
    const closed = seen(module, dir(0o700));
    run(rule?.conclude({ count: 1, examples: [closed] }, at(root))?.fixes[0]?.command ?? "false");
    expect(mode(`${module}/internal/a.go`)).toBe("444");
    expect(mode(module)).toBe("755");
  });
});

test("every fix of every rule is shell that parses, whatever the cache is called", () => {
  const odd = at('/srv/it\'s [a] "cache" $(x)');
  const examples = [
    seen("cache", dir(0o1777, { acl: devsAcl, defaultAcl: devsAcl }), dir(0o2775, { gid: 3000 })),
    seen("cache", dir(0o755, { uid: 0, gid: 0 }), dir(0o2775, { gid: 3000 })),
    seen("example.com/alpha@v1.0.0.tmp-1", dir(0o500, { uid: 0, gid: 0 })),
    seen("cache/download/example.com/alpha/@v/list", file(0o644, { uid: 0, gid: 0 }), dir(0o2775, { gid: 3000 })),
    seen("cache/x", entry("fifo", 0o600, { acl: devsAcl })),
  ];
  const drafts = [
    ...entryRules.flatMap((rule) => examples.map((example) => rule.conclude({ count: 1, examples: [example] }, odd))),
    ...[...moduleRules, ...moduleAccessRules].map((rule) => rule.conclude({ count: 1, examples: [record()] }, odd)),
  ];
  const commands = new Set(drafts.flatMap((draft) => draft?.fixes.map(({ command }) => command) ?? []));
  expect(commands.size).toBeGreaterThan(30);
  for (const command of commands) execFileSync("sh", ["-n", "-c", command]);
});

describe("who runs it", () => {
  test("sudo only for those who need it", () => {
    expect(asRoot(facts, "chown")).toBe("chown");
    expect(asRoot({ ...facts, self: subject(1000) }, "chown")).toBe("sudo chown");
    const able = subject(1000, { capabilities: new Set(["fowner", "chown"]) });
    expect(asRoot({ ...facts, self: able }, "chown")).toBe("chown");
  });

  test("go runs as the owner of what it writes, in a directory without go.mod", () => {
    const words = ["mod", "download", "example.com/a@v1.0.0"];
    expect(goAs({ ...facts, self: subject(1000) }, 1000, words)).toBe(
      `(cd / && GOMODCACHE=${cachePath} go mod download example.com/a@v1.0.0)`,
    );
    const go = { ...facts.go, program: "/usr/local/go/bin/go" };
    expect(goAs({ ...facts, go }, 1000, ["version"])).toBe(
      `(cd / && sudo -H -u '#1000' env GOMODCACHE=${cachePath} /usr/local/go/bin/go version)`,
    );
  });

  test("an own cache is neither the one at hand nor overridden by the environment", () => {
    expect(useOwnCache(facts)).toBe('export GOMODCACHE="$HOME/go/pkg/mod"');
    expect(useOwnCache(at(cachePath, { origin: "go env" }))).toBe('go env -w GOMODCACHE="$HOME/go/pkg/mod"');
    const atHome = {
      ...at("/home/a/go/pkg/mod", { origin: "default" }),
      subject: { ...facts.subject, home: "/home/a" },
    };
    expect(useOwnCache(atHome)).toBe('go env -w GOMODCACHE="$HOME/.cache/gomod"');
  });
});
