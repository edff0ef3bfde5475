import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { Contract } from "../../src/contract/contract.ts";
import { UserError } from "../../src/error.ts";
import { withBlock } from "../../src/generate/marked-block.ts";
import { envrcBlock } from "../../src/init/envrc-block.ts";
import { makePartition, partitionOf } from "../../src/init/partition.ts";
import { persistInDirenv, projectAt } from "../../src/init/persist-direnv.ts";
import { isRoot, openDirectory } from "../host/as-user.ts";

let directory: string;
beforeEach(() => {
  directory = openDirectory("partition");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const closed: Contract = { name: "private", ...own, umask: 0o077 };
const mode = (path: string): string => (lstatSync(path).mode & 0o7777).toString(8);

test("a partition is below the home directory, or where it is wanted; its build cache is always the user's", () => {
  expect(partitionOf("private", "/home/alice", undefined)).toEqual({
    name: "private",
    directory: "/home/alice/.cache/gomodcache/partitions/private",
    modules: "/home/alice/.cache/gomodcache/partitions/private/mod",
    build: "/home/alice/.cache/gomodcache/partitions/private/build",
  });
  expect(partitionOf("team", "/home/alice", "/srv/go")).toMatchObject({
    modules: "/srv/go/partitions/team/mod",
    build: "/home/alice/.cache/gomodcache/partitions/team/build",
  });
});

test.each(["", ".", "..", "a/b", "../x", "a b", "-x", "a\nb", "x".repeat(65), "é"])("%j is no name", (name) => {
  expect(() => partitionOf(name, "/home/alice", undefined)).toThrow(UserError);
});

describe("makePartition", () => {
  it("makes what is missing closed, whatever the umask, and takes what is closed", () => {
    const at = { directory: join(directory, ".cache/gomodcache/partitions/private") };
    const before = process.umask(0);
    try {
      makePartition(at, closed);
      makePartition(at, closed);
    } finally {
      process.umask(before);
    }
    expect(mode(at.directory)).toBe("700");
    expect(mode(join(directory, ".cache"))).toBe("700");
  });

  it.each([0o755, 0o750, 0o701, 0o704, 0o770])("refuses one that is open (%o), and leaves it alone", (open) => {
    const at = { directory: join(directory, "p") };
    mkdirSync(at.directory);
    chmodSync(at.directory, open);
    expect(() => makePartition(at, closed)).toThrow(/is there already/);
    expect(mode(at.directory)).toBe(open.toString(8));
  });

  it.runIf(isRoot)("refuses one that belongs to somebody else, and links that others could point elsewhere", () => {
    const victim = join(directory, "victim");
    mkdirSync(victim);
    chmodSync(victim, 0o700);
    chownSync(victim, 2002, 2002);
    expect(() => makePartition({ directory: victim }, { ...closed, uid: 2001, gid: 2001 })).toThrow(
      /belongs to user 2002/,
    );
    const home = join(directory, "home");
    mkdirSync(home);
    symlinkSync(victim, join(home, "p"));
    chownSync(home, 2001, 2001);
    execFileSync("chown", ["-h", "2001:2001", join(home, "p")]);
    expect(() => makePartition({ directory: join(home, "p/q") }, closed)).toThrow(/symbolic link/);
    expect(lstatSync(victim).uid).toBe(2002);
  });

  it.runIf(isRoot)("lets a group in, and only that group", () => {
    const group: Contract = { name: "group", uid: 2001, gid: 3000, umask: 0o007 };
    const at = { directory: join(directory, "team") };
    makePartition(at, group);
    expect(mode(at.directory)).toBe("2770");
    expect(lstatSync(at.directory)).toMatchObject({ uid: 2001, gid: 3000 });
    chownSync(at.directory, 2001, 3001);
    expect(() => makePartition(at, group)).toThrow(/of group 3001/);
  });
});

describe("the block of .envrc", () => {
  const value = (text: string, home: string): string[] =>
    spawnSync("bash", ["--norc", "-euc", `mkdir() { :; }\n${text}\nprintf '%s\\0%s' "$GOMODCACHE" "$GOCACHE"`], {
      env: { HOME: home, PATH: "/usr/bin:/bin" },
      encoding: "utf8",
    }).stdout.split("\0");

  it("holds for every user who checks the project out", () => {
    const partition = partitionOf("private", "/home/alice", undefined);
    const text = envrcBlock({ ...partition, home: "/home/alice", shared: false, command: "gomodcache init" });
    expect(text).not.toContain("/home/alice");
    expect(value(text, "/home/bob")).toEqual(
      ["mod", "build"].map((name) => `/home/bob/.cache/gomodcache/partitions/private/${name}`),
    );
  });

  it("makes the directories closed", () => {
    const text = envrcBlock({
      ...partitionOf("p", directory, undefined),
      home: directory,
      shared: false,
      command: "x",
    });
    execFileSync("bash", ["--norc", "-euc", `umask 0\n${text}`], { env: { HOME: directory, PATH: "/usr/bin:/bin" } });
    for (const name of ["", "/mod", "/build"])
      expect(mode(join(directory, `.cache/gomodcache/partitions/p${name}`))).toBe("700");
  });

  it("gives bash the names as they are, and they run nothing", () => {
    const name = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
      .filter((text) => !/[\0-\x1f\x7f/\ud800-\udfff]/.test(text));
    fc.assert(
      fc.property(name, name, (home, base) => {
        const modules = `/srv/${base}/mod`;
        const build = `/home/${home}/.cache/build`;
        const text = envrcBlock({ modules, build, home: `/home/${home}`, shared: false, command: `x\n${base}` });
        expect(value(text, `/home/${home}`)).toEqual([modules, build]);
      }),
      { numRuns: 60 },
    );
  }, 30_000);

  it("names a shared place as it is, and leaves its making to init", () => {
    const partition = partitionOf("team", "/home/alice", "/home/alice/team");
    const text = envrcBlock({ ...partition, home: "/home/alice", shared: true, command: "x" });
    expect(value(text, "/home/bob")).toEqual([
      "/home/alice/team/partitions/team/mod",
      "/home/bob/.cache/gomodcache/partitions/team/build",
    ]);
    expect(text).not.toMatch(/mkdir.*team.mod/);
  });

  it("refuses names with control characters", () => {
    expect(() => envrcBlock({ modules: "/a\nb", build: "/c", home: "/home/a", shared: false, command: "x" })).toThrow(
      UserError,
    );
  });

  it("takes the place of a former one, and leaves all other bytes", () => {
    const text = (name: string): string =>
      envrcBlock({ ...partitionOf(name, "/home/a", undefined), home: "/home/a", shared: false, command: "x" });
    const lines = "source_env ../.envrc\r\nexport A=\xff\\";
    const once = withBlock(lines, text("one"), ".envrc").text;
    const edited = `${once}export LAST=1\n`;
    const twice = withBlock(edited, text("two"), ".envrc").text;
    expect(twice.replace(text("two"), text("one"))).toBe(edited);
    expect(twice).toContain(lines);
  });
});

describe("projects", () => {
  it("are where go.work is, else where go.mod is", () => {
    mkdirSync(join(directory, "work/a/b"), { recursive: true });
    mkdirSync(join(directory, "work/go.mod.d"));
    writeFileSync(join(directory, "work/a/go.mod"), "module a\n");
    expect(projectAt(join(directory, "work/a/b"))).toBe(join(directory, "work/a"));
    writeFileSync(join(directory, "work/go.work"), "go 1.21\n");
    expect(projectAt(join(directory, "work/a/b"))).toBe(join(directory, "work"));
    mkdirSync(join(directory, "none/go.mod"), { recursive: true });
    expect(() => projectAt(join(directory, "none"))).toThrow(/no go.mod/);
  });

  it("get the block, once", () => {
    const project = mkdtempSync(join(directory, "project-"));
    writeFileSync(join(project, ".envrc"), "export A=1");
    const subject = { ...own, groups: [], capabilities: new Set<never>(), umask: 0o022 };
    const request = {
      partition: partitionOf("private", directory, undefined),
      project,
      owner: { subject, self: true, home: directory },
      shared: false,
      command: "gomodcache init",
    };
    const context = { env: { HOME: directory } };
    // Root's own files must not be in a directory that another user could replace.
    expect(persistInDirenv(request, context).done).toBe("written");
    expect(readFileSync(join(project, ".envrc"), "utf8")).toMatch(/^export A=1\n\n# >>> gomodcache >>>\n/);
    expect(persistInDirenv(request, context)).toMatchObject({ done: "already", where: join(project, ".envrc") });
  });
});
