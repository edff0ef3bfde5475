// The whole program with the means of systems without /proc: fix, journal and undo of a plain user, and what root is refused.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { asUser, isRoot } from "../host/as-user.ts";
import { bundleWithoutProc } from "../tree/chdir-means.ts";
import { scratch } from "../tree/scratch.ts";

const owner = 2001;
const versions = "cache/download/example.com/a/@v";

let program: string;
let cache: string;
let top: string;

beforeAll(async () => {
  const directory = await import("../host/as-user.ts").then(({ openDirectory }) => openDirectory("without-proc"));
  program = await bundleWithoutProc('import "/src/cli.ts";', join(directory, "cli.mjs"));
  return () => spawnSync("rm", ["-rf", directory]);
});

beforeEach(() => {
  top = scratch();
  chownSync(top, owner, owner);
  cache = join(top, "mod");
  for (const part of [
    "",
    "cache",
    "cache/download",
    "cache/download/example.com",
    "cache/download/example.com/a",
    versions,
  ]) {
    mkdirSync(join(cache, part));
    chmodSync(join(cache, part), 0o755);
    chownSync(join(cache, part), owner, owner);
  }
  for (const [name, mode] of [
    ["v1.0.0.mod", 0o600],
    ["list", 0o666],
    ["v1.0.0.lock", 0o644],
  ] as const) {
    writeFileSync(join(cache, versions, name), name);
    chmodSync(join(cache, versions, name), mode);
    chownSync(join(cache, versions, name), owner, owner);
  }
});

function run(wrapper: readonly string[], ...args: string[]) {
  const [first = "", ...rest] = [...wrapper, process.execPath, program, ...args, "--no-progress"];
  const { status, stdout, stderr } = spawnSync(first, rest, {
    cwd: top,
    env: { PATH: "/usr/bin:/bin", HOME: top },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, output: stdout + stderr };
}

const modeOf = (name: string): string => (lstatSync(join(cache, versions, name)).mode & 0o7777).toString(8);
const common = (): string[] => ["--cache-dir", cache, "--umask", "022", "--state-dir", join(top, "state")];

describe.runIf(isRoot)("without /proc", () => {
  test("a plain user's cache is mended, and undo gives back what was", () => {
    const fixed = run(asUser(owner), "fix", "--yes", ...common());
    expect(fixed, fixed.output).toMatchObject({
      status: 0,
      output: expect.stringContaining("nothing departs any more"),
    });
    expect([modeOf("v1.0.0.mod"), modeOf("list")]).toEqual(["644", "644"]);
    const undone = run(asUser(owner), "undo", "--state-dir", join(top, "state"));
    expect(undone, undone.output).toMatchObject({
      status: 0,
      output: expect.stringContaining("Gave back 2 of 2 entries"),
    });
    expect([modeOf("v1.0.0.mod"), modeOf("list")]).toEqual(["600", "666"]);
  });

  test("root is refused where a user could exchange entries, told what works, and may insist", () => {
    const args = ["fix", "--yes", ...common(), "--owner", `${owner}:${owner}`];
    const refused = run([], ...args);
    expect(refused.status).toBe(1);
    expect(refused.output).toContain(`user ${owner} can write`);
    expect(refused.output).toMatch(/run it as user 2001; or .*--print-commands; or add --trust-tree/);
    expect(modeOf("v1.0.0.mod")).toBe("600");
    const printed = run([], "fix", "--print-commands", ...common(), "--owner", `${owner}:${owner}`);
    expect(printed.output).toContain("chmod 0644 --");
    expect(run([], ...args, "--trust-tree").status).toBe(0);
    expect(modeOf("v1.0.0.mod")).toBe("644");
    const undo = ["undo", "--state-dir", join(top, "state")];
    expect(run([], ...undo)).toMatchObject({ status: 1, output: expect.stringContaining("--trust-tree") });
    expect(run([], ...undo, "--trust-tree").status).toBe(0);
    expect(modeOf("v1.0.0.mod")).toBe("600");
  });

  test("root mends what is root's alone", () => {
    spawnSync("chown", ["-R", "0:0", top]);
    const fixed = run([], "fix", "--yes", ...common(), "--owner", "0:0");
    expect(fixed, fixed.output).toMatchObject({ status: 0 });
    expect(modeOf("v1.0.0.mod")).toBe("644");
  });
});
