import { execFileSync, spawn, spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromBytes, show, toBytes } from "../../src/host/bytes.ts";
import type { EntryStats } from "../../src/tree/entry.ts";
import { type Visitor, Walk, type WalkOptions } from "../../src/tree/walk.ts";
import { bundle, makeDeep, scratch } from "./scratch.ts";

const isRoot = process.getuid?.() === 0;
const program = new URL("./list.ts", import.meta.url).pathname;

class Recorder implements Visitor<string> {
  readonly paths: string[] = [];
  readonly modes = new Map<string, number>();
  readonly finished: string[] = [];

  enter(_name: string, path: string, stats: EntryStats): string {
    this.paths.push(path);
    this.modes.set(path, stats.mode);
    return path;
  }

  visit(name: string, stats: EntryStats, directory: string): void {
    this.paths.push(`${directory}/${name}`);
    this.modes.set(`${directory}/${name}`, stats.mode);
  }

  finish(directory: string): void {
    this.finished.push(directory);
  }
}

function walkAll(root: string, options: WalkOptions = {}): { recorder: Recorder; walk: Walk<string> } {
  const recorder = new Recorder();
  const walk = new Walk(recorder, [{ path: root, directory: root }], options);
  walk.advance();
  return { recorder, walk };
}

test("meets every entry once, and finishes every directory", () => {
  const root = scratch();
  mkdirSync(`${root}/a/b`, { recursive: true });
  for (const file of ["one", "a/two", "a/b/three"]) writeFileSync(`${root}/${file}`, "", { mode: 0o640 });
  const { recorder } = walkAll(root);
  expect(recorder.paths.sort()).toEqual([
    `${root}/a`,
    `${root}/a/b`,
    `${root}/a/b/three`,
    `${root}/a/two`,
    `${root}/one`,
  ]);
  expect(recorder.finished.sort()).toEqual([root, `${root}/a`, `${root}/a/b`]);
  expect((recorder.modes.get(`${root}/one`) ?? 0) & 0o777).toBe(0o640);
});

test("names that are not UTF-8 are walked, can be opened again, and are shown with their bytes", () => {
  const root = scratch();
  const odd = Buffer.concat([Buffer.from(`${root}/d`), Buffer.of(0xff), Buffer.from("é")]);
  mkdirSync(odd);
  writeFileSync(Buffer.concat([odd, Buffer.from("/"), Buffer.of(0xfe)]), "");
  writeFileSync(`${root}/d\ufffdé`, "");
  const { recorder, walk } = walkAll(root);
  expect(recorder.paths.map(show).sort()).toEqual(
    [`${root}/d\\xffé`, `${root}/d\\xffé/\\xfe`, `${root}/d\ufffdé`].sort(),
  );
  for (const path of recorder.paths) expect(lstatSync(toBytes(path)).nlink).toBeGreaterThan(0);
  expect(walk.missed.vanished).toBe(0);
});

test("a name may hold a newline or an escape code", () => {
  const root = scratch();
  writeFileSync(`${root}/a\n::error::b`, "");
  writeFileSync(`${root}/\u001b[2J`, "");
  expect(walkAll(root).recorder.paths.sort()).toEqual([`${root}/\u001b[2J`, `${root}/a\n::error::b`]);
});

test("links are not followed and FIFOs not opened", () => {
  const root = scratch();
  mkdirSync(`${root}/d`);
  symlinkSync("..", `${root}/d/up`);
  symlinkSync("/etc", `${root}/d/etc`);
  execFileSync("mkfifo", [`${root}/d/fifo`]);
  expect(walkAll(root).recorder.paths.sort()).toEqual([`${root}/d`, `${root}/d/etc`, `${root}/d/fifo`, `${root}/d/up`]);
});

test("50,000 names in one directory", () => {
  const root = scratch();
  for (let number = 0; number < 50_000; number += 1) writeFileSync(`${root}/${number}`, "");
  expect(new Set(walkAll(root).recorder.paths).size).toBe(50_000);
});

test("a tree 2,000 directories deep, longer than any path may be", () => {
  const root = scratch();
  makeDeep(root, 2_000);
  const before = readdirSync("/proc/self/fd").length;
  const { recorder, walk } = walkAll(root);
  expect(walk.missed.unreadCount).toBe(0);
  expect(recorder.paths).toHaveLength(2001);
  expect(recorder.paths.at(-1)?.endsWith("/nine-name/leaf")).toBe(true);
  expect(readdirSync("/proc/self/fd")).toHaveLength(before);
});

test("what goes away while it is listed is counted and is no error", () => {
  const root = scratch();
  for (const name of ["a", "b", "c"]) {
    mkdirSync(`${root}/${name}`);
    writeFileSync(`${root}/${name}/file`, "");
  }
  const recorder = new Recorder();
  const walk = new Walk(recorder, [{ path: root, directory: root }]);
  walk.advance(0);
  rmSync(`${root}/a`, { recursive: true });
  while (walk.advance(0));
  expect(walk.missed).toMatchObject({ vanished: 1, unreadCount: 0 });
  expect(recorder.finished.sort()).toEqual([root, `${root}/b`, `${root}/c`]);
});

test("a tree that another process deletes meanwhile", async () => {
  const root = scratch();
  for (let number = 0; number < 3_000; number += 1) {
    mkdirSync(`${root}/${number}`);
    writeFileSync(`${root}/${number}/file`, "");
  }
  const child = spawn("find", [root, "-mindepth", "1", "-delete"]);
  const gone = new Promise((resolve) => child.on("close", resolve));
  const { walk } = walkAll(root);
  await gone;
  expect(walk.missed.unreadCount).toBe(0);
  expect(walkAll(root).recorder.paths).toEqual([]);
});

test("only the accepted names of a start are looked at", () => {
  const root = scratch();
  for (const name of ["v1.info", "v1.mod", "v2.info"]) writeFileSync(`${root}/${name}`, "");
  const recorder = new Recorder();
  new Walk(recorder, [{ path: root, directory: root, accept: (name) => name.startsWith("v1.") }]).advance();
  expect(recorder.paths.sort()).toEqual([`${root}/v1.info`, `${root}/v1.mod`]);
});

test("the directory to put off comes last", () => {
  const root = scratch();
  for (const name of ["a", "b", "cache", "d"]) mkdirSync(`${root}/${name}/below`, { recursive: true });
  const { recorder } = walkAll(root, { last: `${root}/cache` });
  expect(recorder.finished.slice(-2)).toEqual([`${root}/cache`, `${root}/cache/below`]);
});

test.skipIf(!isRoot)("what another user may not list or enter is counted and named with the reason", () => {
  const root = scratch();
  const file = bundle(program, root);
  mkdirSync(`${root}/tree/closed`, { recursive: true });
  mkdirSync(`${root}/tree/listed`);
  writeFileSync(`${root}/tree/listed/file`, "");
  execFileSync("chmod", ["700", `${root}/tree/closed`]);
  execFileSync("chmod", ["744", `${root}/tree/listed`]);
  const user = ["--reuid", "2001", "--regid", "2001", "--clear-groups", "--inh-caps=-all"];
  const child = spawnSync("setpriv", [...user, process.execPath, file, `${root}/tree`]);
  const seen = JSON.parse(String(child.stdout));
  expect(seen).toMatchObject({ unreadCount: 2, paths: [`${root}/tree/closed`, `${root}/tree/listed`] });
  expect(seen.unread).toContainEqual({ path: `${root}/tree/closed`, reason: "it cannot be listed (EACCES)" });
  expect(JSON.stringify(seen.unread)).toContain("cannot be looked at (EACCES)");
});

test.skipIf(!isRoot)("bind mounts and other file systems are left out and named", ({ skip }) => {
  const root = scratch();
  const file = bundle(program, root);
  mkdirSync(`${root}/tree/bound`, { recursive: true });
  mkdirSync(`${root}/tree/other`);
  mkdirSync(`${root}/elsewhere/inside`, { recursive: true });
  const script = `mount --bind "$1/elsewhere" "$1/tree/bound" && mount -t tmpfs none "$1/tree/other" || exit 99
    exec "$2" "$3" "$1/tree" "$1/tree/bound"`;
  const child = spawnSync("unshare", ["-m", "sh", "-c", script, "sh", root, process.execPath, file]);
  if (child.status !== 0) skip(`mounting is refused here: ${String(child.stderr).trim()}`);
  const seen = JSON.parse(String(child.stdout));
  expect(seen.paths).toEqual([]);
  expect(seen.mounts.sort()).toEqual([`${root}/tree/bound`, `${root}/tree/other`]);
});

test("bytes of names that are read come back the same", () => {
  const bytes = Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0x80]);
  expect(toBytes(fromBytes(bytes))).toEqual(bytes);
});
