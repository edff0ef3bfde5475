// On macOS itself, as a plain user: modes, lists and flags are mended by fix and given back by undo. test/fix/macos.test.ts does the
// same on Linux, against tools that behave as the manual pages say.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const versions = "cache/download/example.com/a/@v";
let top: string;
let cache: string;

beforeEach(() => {
  top = mkdtempSync(join(realpathSync(tmpdir()), "gomodcache-macos-"));
  cache = join(top, "mod");
  mkdirSync(join(cache, versions), { recursive: true });
  for (const name of ["list", "v1.0.0.mod", "v1.0.0.lock"]) writeFileSync(join(cache, versions, name), name);
  return () => {
    spawnSync("/usr/bin/chflags", ["-R", "nouchg", top]);
    spawnSync("/bin/chmod", ["-RN", top]);
    spawnSync("rm", ["-rf", top]);
  };
});

function run(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, ...args, "--state-dir", join(top, "journals"), "--no-progress"],
    { cwd: top, encoding: "utf8" },
  );
  return { status, output: stdout + stderr };
}

/** What ls prints of an entry, without its times. */
function listing(name: string): string {
  return execFileSync("/bin/ls", ["-ldeO", join(cache, name)], { encoding: "utf8" }).replace(
    / \w{3} +\d+ [\d:]+ /,
    " ",
  );
}

test("fix and undo", () => {
  const mod = join(versions, "v1.0.0.mod");
  const lock = join(versions, "v1.0.0.lock");
  chmodSync(join(cache, mod), 0o600);
  execFileSync("/bin/chmod", ["+a", "group:everyone deny delete", join(cache, versions)]);
  execFileSync("/bin/chmod", ["+a", "group:everyone deny read", join(cache, mod)]);
  execFileSync("/usr/bin/chflags", ["uchg", join(cache, lock)]);
  const before = [versions, mod, lock].map(listing);
  const fixed = run("fix", "--yes", "--umask", "022", "--cache-dir", cache);
  expect(fixed, fixed.output).toMatchObject({ status: 0 });
  expect([versions, mod, lock].map(listing).join("")).not.toMatch(/deny|uchg/);
  expect(lstatSync(join(cache, mod)).mode & 0o7777).toBe(0o644);
  const undone = run("undo");
  expect(undone, undone.output).toMatchObject({ status: 0 });
  expect([versions, mod, lock].map(listing)).toEqual(before);
});

test("a cache for the group staff", () => {
  const shared = run("fix", "--yes", "--contract", "group", "--group", "staff", "--cache-dir", cache);
  expect(shared, shared.output).toMatchObject({ status: 0 });
  writeFileSync(join(cache, "cache/new"), "", { mode: 0o600 });
  expect(listing("cache/new")).toContain("group:staff inherited allow read,write,append");
  expect(run("fix", "--dry-run", "--cache-dir", cache)).toMatchObject({ status: 0 });
  const undone = run("undo");
  expect(undone, undone.output).toMatchObject({ status: 0 });
  expect(listing("cache")).not.toContain("staff allow");
});
