// Random cache states, subjects and operations for the differential test. A draw is plain data: its seed and number make it again.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Operation } from "../../src/gocache/operation.ts";
import { randomOf } from "../random.ts";
import type { TestUser } from "./lab.ts";

export type Change =
  | { readonly do: "chmod"; readonly path: string; readonly mode: number }
  | { readonly do: "chown"; readonly path: string; readonly uid: number; readonly gid: number }
  | { readonly do: "remove" | "empty" | "tear" | "garbage"; readonly path: string }
  | { readonly do: "write"; readonly path: string }
  | { readonly do: "acl"; readonly path: string; readonly spec: string }
  | { readonly do: "immutable"; readonly path: string }
  | {
      readonly do: "recursive-mask";
      readonly path: string;
      readonly and: number;
      readonly or: number;
      readonly only: "files" | "directories" | "all";
    }
  | { readonly do: "recursive-chown"; readonly path: string; readonly uid: number; readonly gid: number };

export interface Draw {
  readonly number: number;
  readonly project: string;
  readonly user: TestUser;
  readonly operation: Operation;
  readonly offline: boolean;
  readonly warm: boolean;
  readonly changes: readonly Change[];
}

const users: readonly TestUser[] = [
  { uid: 2001, gid: 2001, groups: [3000], umask: 0o022 },
  { uid: 2001, gid: 2001, groups: [], umask: 0o077 },
  { uid: 2001, gid: 2001, groups: [3000, 3001], umask: 0o002 },
  { uid: 2002, gid: 3000, groups: [], umask: 0o027 },
  { uid: 2002, gid: 2002, groups: [3001], umask: 0o022 },
];

const drawnOperations: readonly Operation[] = [
  "build",
  "build",
  "vet",
  "test",
  "list",
  "list-modules",
  "list-versions",
  "download",
  "download",
  "verify",
  "tidy",
  "vendor",
  "get",
  "clean",
];

/** @param paths every path of the good cache, relative to it, the root as "" */
export function makeDraw(seed: number, number: number, projects: readonly string[], paths: readonly string[]): Draw {
  const random = randomOf(Math.imul(seed, 1_000_003) + number);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const interesting = paths.filter((path) => !path.includes("@v") || !path.endsWith("list"));
  const deepFirst = (): string =>
    pick(random() < 0.25 ? paths.filter((path) => path.split("/").length <= 3) : interesting);
  const changes: Change[] = [];
  if (random() < 0.3) changes.push(...broadChange(pick, random));
  const count = Math.floor(random() * 4);
  for (let index = 0; index < count; index += 1) changes.push(oneChange(pick, deepFirst));
  return {
    number,
    project: pick(projects),
    user: pick(users),
    operation: pick(drawnOperations),
    offline: random() < 0.35,
    warm: random() < 0.5,
    changes,
  };
}

type Pick = <T>(from: readonly T[]) => T;

function broadChange(pick: Pick, random: () => number): Change[] {
  const uid = pick([0, 2001, 2002]);
  const gid = pick([0, 2001, 3000]);
  return pick<Change[]>([
    [{ do: "recursive-mask", path: "", and: 0o7700, or: 0, only: "all" }],
    [{ do: "recursive-mask", path: "", and: 0o7750, or: 0, only: "all" }],
    [{ do: "recursive-chown", path: pick(["", "cache", "cache/download", "example.com"]), uid, gid }],
    [
      { do: "recursive-chown", path: "", uid: 0, gid: 3000 },
      { do: "recursive-mask", path: "cache", and: 0o7777, or: random() < 0.5 ? 0o2020 : 0o020, only: "directories" },
      { do: "chmod", path: "example.com", mode: 0o2775 },
    ],
    [
      { do: "recursive-mask", path: "cache", and: 0o7777, or: 0o022, only: "all" },
      { do: "chmod", path: "example.com", mode: 0o777 },
    ],
    [{ do: "recursive-mask", path: "cache", and: 0o7777, or: 0o1022, only: "directories" }],
    [{ do: "recursive-mask", path: "example.com", and: 0o7777, or: 0o022, only: "all" }],
  ]);
}

function oneChange(pick: Pick, deepFirst: () => string): Change {
  const path = deepFirst();
  const mode = pick([
    0o000, 0o400, 0o444, 0o500, 0o511, 0o550, 0o555, 0o600, 0o640, 0o644, 0o664, 0o666, 0o700, 0o711, 0o750, 0o755,
    0o770, 0o775, 0o777, 0o1777, 0o2775, 0o070, 0o005, 0o050,
  ]);
  const who = pick(["u:2001", "u:2002", "g:3000", "g:3001", "g:2001"]);
  const rights = pick(["rwx", "r-x", "r--", "---", "-wx", "--x"]);
  return pick<Change>([
    { do: "chmod", path, mode },
    { do: "chmod", path, mode },
    { do: "chmod", path, mode },
    { do: "chown", path, uid: pick([0, 2001, 2002]), gid: pick([0, 2001, 3000, 3001]) },
    { do: "remove", path },
    { do: "remove", path },
    { do: "empty", path },
    { do: "tear", path },
    { do: "garbage", path },
    { do: "write", path: path.replace(/\.(info|mod|zip|ziphash|lock)$/, ".partial") },
    { do: "acl", path, spec: `${who}:${rights}` },
    { do: "acl", path, spec: `${who}:${rights},m::${pick(["rwx", "r-x", "---", "--x"])}` },
    { do: "acl", path, spec: `d:${who}:${rights}` },
    { do: "immutable", path },
  ]);
}

/** Makes the changes of a draw; what an earlier change removed is passed over, and what no later one could touch comes last. */
export function applyChanges(cache: string, changes: readonly Change[]): void {
  const last = (change: Change): number => (change.do === "immutable" ? 1 : 0);
  for (const change of [...changes].sort((a, b) => last(a) - last(b))) {
    const path = change.path === "" ? cache : join(cache, change.path);
    if (!existsSync(change.do === "write" ? dirname(path) : path)) continue;
    applyChange(path, change);
  }
}

function applyChange(path: string, change: Change): void {
  const isFile = existsSync(path) && lstatSync(path).isFile();
  if (change.do === "chmod") chmodSync(path, change.mode);
  else if (change.do === "chown") keepMode(path, () => chownSync(path, change.uid, change.gid));
  else if (change.do === "remove") rmSync(path, { recursive: true });
  else if (change.do === "empty" && isFile) truncateSync(path);
  else if (change.do === "tear" && isFile) tear(path);
  else if (change.do === "garbage" && isFile) writeFileSync(path, "\0\0garbage\n");
  else if (change.do === "write" && path.endsWith(".partial")) writeFileSync(path, "");
  else if (change.do === "acl")
    spawnSync("setfacl", [
      "-n",
      "-m",
      change.spec.includes(",m::") ? change.spec : `${change.spec},${change.spec.startsWith("d:") ? "d:" : ""}m::rwx`,
      path,
    ]);
  else if (change.do === "immutable") spawnSync("chattr", ["+i", path]);
  else if (change.do === "recursive-mask") {
    walk(path, (at, directory) => {
      if (change.only === "files" && directory) return;
      if (change.only === "directories" && !directory) return;
      chmodSync(at, (lstatSync(at).mode & 0o7777 & change.and) | change.or);
    });
  } else if (change.do === "recursive-chown")
    walk(path, (at) => keepMode(at, () => chownSync(at, change.uid, change.gid)));
}

/** chown(2) clears setuid and setgid, which is not what is being drawn. */
function keepMode(path: string, change: () => void): void {
  const { mode } = lstatSync(path);
  change();
  chmodSync(path, mode & 0o7777);
}

function tear(path: string): void {
  const { size } = lstatSync(path);
  truncateSync(path, Math.floor(size / 2));
}

function walk(path: string, visit: (path: string, directory: boolean) => void): void {
  const directory = lstatSync(path).isDirectory();
  if (directory) for (const name of readdirSync(path)) walk(join(path, name), visit);
  visit(path, directory);
}

/** Every path below a directory, relative to it. */
export function pathsBelow(directory: string): string[] {
  const paths: string[] = [];
  walk(directory, (path) => paths.push(path.slice(directory.length + 1)));
  return paths.sort();
}

/** A clean directory for the next draw. */
export function resetDirectory(path: string, from: string): void {
  spawnSync("chattr", ["-R", "-f", "-i", path]);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  rmSync(path, { recursive: true });
  spawnSync("cp", ["-a", from, path]);
}
