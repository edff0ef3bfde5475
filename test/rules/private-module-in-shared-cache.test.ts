// When the rule fires, for whom, and whether its commands do what they say.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ModuleRecord, Readers } from "../../src/facts/cache.ts";
import type { Facts } from "../../src/facts/facts.ts";
import { partitionOf } from "../../src/init/partition.ts";
import { privateModuleInSharedCache as rule } from "../../src/rules/private-module-in-shared-cache.ts";
import { addModule } from "../doctor/cache.ts";
import { dir, factsFor, record, runModules, subject } from "./sample-cache.ts";

const everybody: Readers = { everybody: true, groups: [] };
const devs: Readers = { everybody: false, groups: [3000] };
const nobody: Readers = { everybody: false, groups: [] };

function facts(GOPRIVATE: string, realPath = "/srv/go/mod"): Facts {
  const sample = factsFor(subject(1000), dir(0o755));
  return {
    ...sample,
    go: { ...sample.go, env: { GOPRIVATE } },
    cache: { ...sample.cache, path: realPath, realPath },
  };
}

const of = (module: string, readers: Readers | undefined): ModuleRecord => ({
  ...record({}, { module }),
  ...(readers === undefined ? {} : { readers }),
});

describe("private-module-in-shared-cache", () => {
  it.each([
    ["no module is private", "", "git.test/team/lib", everybody],
    ["the pattern is for others", "corp.test", "git.test/team/lib", everybody],
    ["nobody else can read it", "git.test", "git.test/team/lib", nobody],
    ["who can read it is not known", "git.test", "git.test/team/lib", undefined],
  ])("is silent if %s", (_, patterns, module, readers) => {
    expect(runModules(rule, [of(module, readers)], facts(patterns))).toBeUndefined();
  });

  it("is silent for a group that shares a partition, and not for everybody there", () => {
    const { modules } = partitionOf("team", "/home/alice", "/srv/go");
    expect(runModules(rule, [of("git.test/a", devs)], facts("git.test", modules))).toBeUndefined();
    expect(runModules(rule, [of("git.test/a", everybody)], facts("git.test", modules))?.count).toBe(1);
  });

  it("says which, who can read them, which pattern, and what to do", () => {
    const records = [of("git.test/team/lib", everybody), of("example.com/alpha", everybody), of("git.test/x", devs)];
    const draft = runModules(rule, records, facts("corp.test,git.test/*"));
    expect(draft?.message).toMatchInlineSnapshot(
      `"2 private modules (git.test/team/lib@v1.0.0 and 1 more) can be read in this cache by every user: the source code of all of them is open to whoever may enter it"`,
    );
    expect(draft?.why).toContain('GOPRIVATE covers git.test/team/lib with "git.test/*"');
    expect(draft?.severity).toBeUndefined();
    expect(draft?.fixes.map(({ disposition, command }) => `${disposition} ${command}`)).toMatchInlineSnapshot(`
      [
        "safe gomodcache init --partition private --persist direnv",
        "unsafe sudo -u '#1000' sh -c 'chmod -R u+w -- /srv/go/mod/git.test/team/lib@v1.0.0 && rm -rf -- /srv/go/mod/git.test/team/lib@v1.0.0 /srv/go/mod/cache/download/git.test/team/lib/@v/v1.0.0.*; chmod -R u+w -- /srv/go/mod/git.test/x@v1.0.0 && rm -rf -- /srv/go/mod/git.test/x@v1.0.0 /srv/go/mod/cache/download/git.test/x/@v/v1.0.0.*; grep -lsE '\\''(//|@)(git\\.test(:[0-9]+)?[:/]team|git\\.test(:[0-9]+)?[:/]x)([:/.]|$)'\\'' /srv/go/mod/cache/vcs/*.info | while IFS= read -r i; do rm -rf -- "\${i%.info}" "$i" "\${i%.info}.lock"; done'",
      ]
    `);
  });

  it("is advice where a group was let in", () => {
    const draft = runModules(rule, [of("git.test/x", devs)], facts("git.test"));
    expect(draft).toMatchObject({ severity: "advice", confidence: "likely", count: 1 });
    expect(draft?.message).toContain("by group devs (3000)");
  });

  it("removes these modules and the clones of their repositories, and nothing else", () => {
    const root = join(mkdtempSync(join(tmpdir(), "private it's ")), "mod");
    try {
      for (const [module, version] of [
        ["git.test/team/!lib", "v1.0.0"],
        ["git.test/team/!lib", "v1.0.1"],
        ["example.com/alpha", "v1.0.0"],
      ] as const)
        addModule(root, module, version);
      const clones = { aa: "git3:https://git.test/team/Lib", bb: "git3:https://example.com/alpha" };
      const others = { cc: "git3:ssh://git@git.test:2222/team/Lib.git", dd: "git3:https://xgit.test/team/Lib" };
      const all = { ...clones, ...others, ee: "git3:https://git.test/teams/Lib" };
      for (const [name, url] of Object.entries(all)) {
        mkdirSync(join(root, "cache/vcs", name), { recursive: true });
        writeFileSync(join(root, "cache/vcs", `${name}.info`), url);
        writeFileSync(join(root, "cache/vcs", `${name}.lock`), "");
      }
      const sample = facts("git.test", root);
      const at = (module: string, escaped: string): ModuleRecord => ({
        ...of(module, everybody),
        directory: `${root}/cache/download/${escaped}/@v`,
        tree: `${root}/${escaped}@v1.0.0`,
      });
      const self = { ...subject(1000), uid: 1000 };
      const command = rule.conclude(
        { count: 1, examples: [at("git.test/team/Lib", "git.test/team/!lib")] },
        { ...sample, self },
      )?.fixes[1]?.command as string;
      execFileSync("sh", ["-c", command]);
      expect(existsSync(join(root, "git.test/team/!lib@v1.0.0"))).toBe(false);
      expect(existsSync(join(root, "git.test/team/!lib@v1.0.1/sub/a.go"))).toBe(true);
      expect(existsSync(join(root, "example.com/alpha@v1.0.0/sub/a.go"))).toBe(true);
      const left = readdirSync(join(root, "cache/download/git.test/team/!lib/@v"));
      expect(left.filter((name) => name.startsWith("v1.0.0."))).toEqual([]);
      expect(left.filter((name) => name.startsWith("v1.0.1."))).toHaveLength(5);
      const kept = readdirSync(join(root, "cache/vcs")).filter((name) => !name.includes("."));
      expect(kept.sort()).toEqual(["bb", "dd", "ee"]);
    } finally {
      execFileSync("chmod", ["-R", "u+w", join(root, "..")]);
      rmSync(join(root, ".."), { recursive: true });
    }
  });
});
