// Without /proc: an entry that was exchanged between the look and the change is left alone, and the process stays where it was.

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Changer } from "../../src/tree/apply.ts";
import type { Change, Outcome, Seen } from "../../src/tree/change.ts";
import { ChangeCrew } from "../../src/tree/change-crew.ts";
import { pathAt, pin, sitting } from "../../src/tree/pin.ts";
import { remove } from "../../src/tree/remove.ts";
import { openRoot, type Root } from "../../src/tree/root.ts";
import { Way } from "../../src/tree/way.ts";
import { isRoot } from "../host/as-user.ts";
import { scratch } from "./scratch.ts";

vi.mock("../../src/tree/chosen-means.ts", async () => {
  const { chdirMeans } = await import("../../src/tree/means-chdir.ts");
  const { linkFlags } = await import("./chdir-means.ts");
  return { means: chdirMeans(linkFlags) };
});

let top: string;
let root: Root;
const home = process.cwd();

beforeEach(() => {
  // The temporary directory of macOS lies behind a link.
  top = realpathSync(scratch());
  mkdirSync(join(top, "tree/sub"), { recursive: true });
  mkdirSync(join(top, "victim"));
  writeFileSync(join(top, "victim/file"), "", { mode: 0o600 });
  writeFileSync(join(top, "tree/sub/file"), "mine", { mode: 0o600 });
  root = openRoot(join(top, "tree"), () => true);
  return () => closeSync(root.fd);
});

afterEach(() => {
  expect(process.cwd()).toBe(home);
  expect(lstatSync(join(top, "victim/file")).mode & 0o7777).toBe(0o600);
});

function seenAt(path: string): Seen {
  const stats = lstatSync(path);
  return {
    ...{ isDirectory: stats.isDirectory(), ino: stats.ino, ctime: stats.ctimeMs, birthtime: stats.birthtimeMs },
    ...{ uid: stats.uid, gid: stats.gid, mode: stats.mode & 0o7777, links: stats.isDirectory() ? 1 : stats.nlink },
  };
}

/** What a change to mode 0644, and to an owner, comes to. */
function change(seen: Seen, names = ["sub"], name = "file", wanted: Partial<Change["wanted"]> = {}): Outcome {
  const outcomes: Outcome[] = [];
  const changer = new Changer(
    root,
    (_directory, _change, outcome) => outcomes.push(outcome),
    () => false,
  );
  changer.change({
    names,
    changes: [{ name, seen, wanted: { uid: seen.uid, gid: seen.gid, mode: 0o644, ...wanted } }],
  });
  changer.finish();
  expect(outcomes).toHaveLength(1);
  return outcomes[0] as Outcome;
}

test("an entry that is as it was seen is changed", () => {
  const file = join(top, "tree/sub/file");
  expect(change(seenAt(file))).toEqual({ status: "changed" });
  expect(lstatSync(file).mode & 0o7777).toBe(0o644);
});

test.runIf(isRoot)("owner and group are changed through the descriptor too", () => {
  const file = join(top, "tree/sub/file");
  expect(change(seenAt(file), ["sub"], "file", { uid: 2001, gid: 2002, mode: 0o640 })).toEqual({ status: "changed" });
  const { uid, gid, mode } = lstatSync(file);
  expect([uid, gid, mode & 0o7777]).toEqual([2001, 2002, 0o640]);
});

test("the root itself is changed", () => {
  const outcomes: Outcome[] = [];
  const changer = new Changer(
    root,
    (_directory, _change, outcome) => outcomes.push(outcome),
    () => false,
  );
  const seen = seenAt(join(top, "tree"));
  changer.changeRoot({ name: "", seen, wanted: { uid: seen.uid, gid: seen.gid, mode: 0o750 } });
  changer.finish();
  expect(outcomes).toEqual([{ status: "changed" }]);
  expect(lstatSync(join(top, "tree")).mode & 0o7777).toBe(0o750);
});

const exchanges: readonly [what: string, exchange: (file: string, victim: string) => void, reason: RegExp][] = [
  [
    "another file",
    (file) => {
      rmSync(file);
      writeFileSync(file, "other", { mode: 0o600 });
    },
    /something else is there now|it was changed meanwhile/,
  ],
  [
    "a link to the victim's file",
    (file, victim) => {
      rmSync(file);
      symlinkSync(join(victim, "file"), file);
    },
    /something else is there now/,
  ],
  [
    "the victim's file by a hard link",
    (file, victim) => {
      rmSync(file);
      linkSync(join(victim, "file"), file);
    },
    /something else is there now/,
  ],
  ["a second name of it", (file, victim) => linkSync(file, join(victim, "second")), /changed meanwhile|hard links/],
  ["another mode", (file) => chmodSync(file, 0o640), /changed meanwhile/],
  [
    "a FIFO",
    (file) => {
      rmSync(file);
      execFileSync("mkfifo", [file]);
    },
    /FIFO, socket or device/,
  ],
  [
    "a directory",
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    /something else is there now/,
  ],
  ["nothing", (file) => rmSync(file), /it is gone/],
];

test.each(exchanges)("what has become %s is skipped, and nothing changed", (_, exchange, reason) => {
  const file = join(top, "tree/sub/file");
  const seen = seenAt(file);
  exchange(file, join(top, "victim"));
  const before = lstatSync(file, { throwIfNoEntry: false });
  const outcome = change(seen);
  expect(outcome).toMatchObject({ status: "skipped", reason: expect.stringMatching(reason) });
  const after = lstatSync(file, { throwIfNoEntry: false });
  expect([after?.mode, after?.uid, after?.ino]).toEqual([before?.mode, before?.uid, before?.ino]);
});

test("a directory that has become a link to the victim's is not entered", () => {
  const seen = seenAt(join(top, "tree/sub/file"));
  renameSync(join(top, "tree/sub"), join(top, "tree/old"));
  symlinkSync(join(top, "victim"), join(top, "tree/sub"));
  expect(change(seen)).toMatchObject({ status: "skipped" });
});

test("a directory exchanged after it was entered: names go on to lead into the one that was entered, or nowhere", () => {
  const way = new Way(root);
  const sub = way.enter(["sub"]) as number;
  renameSync(join(top, "tree/sub"), join(top, "tree/old"));
  symlinkSync(join(top, "victim"), join(top, "tree/sub"));
  // From outside, the way to it is lost, and the link is not taken for it.
  expect(() => sitting(() => pathAt(sub, "file"))).toThrow(/another directory now/);
  expect(process.cwd()).toBe(home);
  // From within, it does not matter what its path leads to.
  renameSync(join(top, "tree/sub"), join(top, "tree/link"));
  renameSync(join(top, "tree/old"), join(top, "tree/sub"));
  sitting(() => {
    pathAt(sub, ".");
    renameSync(join(top, "tree/sub"), join(top, "tree/old"));
    renameSync(join(top, "tree/link"), join(top, "tree/sub"));
    const fd = pin(sub, "file");
    expect(lstatSync(join(top, "tree/old/file")).ino).toBe(lstatSync(pathAt(sub, "file")).ino);
    closeSync(fd);
  });
  way.close();
});

test("a name that is a path is refused", () => {
  expect(() => sitting(() => pin(root.fd, "../victim"))).toThrow(/not the name of an entry/);
  expect(() => pathAt(root.fd, "sub")).toThrow(/in a sitting/);
});

test("links on the way to the root are followed if they are trusted, and only then", () => {
  symlinkSync("tree", join(top, "link"));
  const opened = openRoot(join(top, "link"), () => true);
  expect(opened.path).toBe(join(top, "tree"));
  closeSync(opened.fd);
  expect(() => openRoot(join(top, "link"), () => false)).toThrow(/symbolic link that user \d+ could point elsewhere/);
});

test("a missing root is made, below a directory that is held", () => {
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  const made = openRoot(join(top, "new/cache"), () => true, { uid, gid, mode: 0o750 });
  expect(lstatSync(join(top, "new/cache")).mode & 0o7777).toBe(0o750);
  closeSync(made.fd);
});

describe("removal", () => {
  const removalOf = (name: string) => {
    const stats = lstatSync(join(top, "tree", name));
    return { name, isDirectory: stats.isDirectory(), ino: stats.ino, mtime: stats.mtimeMs };
  };

  test("a tree is removed, read-only directories and links in it too, and nothing beyond", () => {
    mkdirSync(join(top, "tree/sub/deep"));
    writeFileSync(join(top, "tree/sub/deep/file"), "");
    symlinkSync(join(top, "victim"), join(top, "tree/sub/deep/link"));
    chmodSync(join(top, "tree/sub/deep"), 0o555);
    expect(remove(root.fd, removalOf("sub"), root)).toEqual({ status: "changed" });
    expect(readdirSync(join(top, "tree"))).toEqual([]);
  });

  test("a tree that has become a link stays, and what it leads to", () => {
    const removal = removalOf("sub");
    renameSync(join(top, "tree/sub"), join(top, "tree/old"));
    symlinkSync(join(top, "victim"), join(top, "tree/sub"));
    expect(remove(root.fd, removal, root)).toMatchObject({ status: "skipped" });
    expect(readdirSync(join(top, "tree"))).toEqual(["old", "sub"]);
  });
});

test("paths longer than the kernel takes are entered step by step", () => {
  const names = Array.from({ length: 60 }, (_, at) => `${at}`.padEnd(100, "x"));
  const script = `for (const name of ${JSON.stringify(names)}) { require("fs").mkdirSync(name); process.chdir(name); }
    require("fs").writeFileSync("file", "", { mode: 0o600 });`;
  execFileSync(process.execPath, ["-e", script], { cwd: join(top, "tree") });
  const seen = JSON.parse(
    execFileSync(
      process.execPath,
      [
        "-e",
        `for (const name of ${JSON.stringify(names)}) process.chdir(name);
       const s = require("fs").lstatSync("file");
       console.log(JSON.stringify({ isDirectory: false, ino: s.ino, ctime: s.ctimeMs, birthtime: s.birthtimeMs, uid: s.uid, gid: s.gid, mode: s.mode & 0o7777, links: 1 }));`,
      ],
      { cwd: join(top, "tree"), encoding: "utf8" },
    ),
  ) as Seen;
  expect(change(seen, names)).toEqual({ status: "changed" });
});

test("no threads: they have no working directory of their own", () => {
  const changer = new Changer(
    root,
    () => undefined,
    () => false,
  );
  expect(ChangeCrew.start(root, changer, () => undefined)).toBeUndefined();
});

describe.runIf(isRoot)("as a plain user", () => {
  beforeEach(() => {
    chownSync(join(top, "tree"), 2001, 2001);
    chownSync(join(top, "tree/sub"), 2001, 2001);
    chownSync(join(top, "tree/sub/file"), 2001, 2001);
    process.setegid?.(2001);
    process.seteuid?.(2001);
    return () => {
      process.seteuid?.(0);
      process.setegid?.(0);
    };
  });

  test("an own entry is changed", () => {
    expect(change(seenAt(join(top, "tree/sub/file")))).toEqual({ status: "changed" });
  });

  test("an own entry that nobody may read is refused, with the command that helps", () => {
    const file = join(top, "tree/sub/file");
    chmodSync(file, 0o000);
    expect(change(seenAt(file))).toMatchObject({
      status: "failed",
      code: "EACCES",
      reason: expect.stringContaining("with mode 0000 this user may not open it: chmod u+r it"),
    });
    expect(lstatSync(file).mode & 0o7777).toBe(0);
  });

  test("an entry of somebody else is refused by the kernel", () => {
    const file = join(top, "tree/sub/file");
    process.seteuid?.(0);
    chownSync(file, 2002, 2001);
    chmodSync(file, 0o640);
    process.seteuid?.(2001);
    expect(change(seenAt(file))).toMatchObject({ status: "failed", code: "EPERM" });
    expect(lstatSync(file).mode & 0o7777).toBe(0o640);
  });
});
