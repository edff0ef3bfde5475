// The files of one module version as they lie in the cache, held open by their directories.
import type { Stats } from "node:fs";
import type { ModuleRecord } from "../facts/cache.ts";
import { TreeEntry } from "../tree/entry.ts";
import { type PinnedDirectory, WrongType } from "../tree/pinned-directory.ts";
import type { Notes } from "./check.ts";

type RecordFile = keyof ModuleRecord["files"];
export type RecordFiles = { -readonly [K in RecordFile]?: TreeEntry };

const kinds: readonly RecordFile[] = ["info", "mod", "zip", "ziphash", "lock", "partial"];

export interface OpenRecord {
  /** `@v`; absent if it does not exist, or cannot be entered. */
  readonly directory?: PinnedDirectory;
  /** Absolute. */
  readonly directoryPath: string;
  /** The version as file names begin with it. */
  readonly version: string;
  readonly files: RecordFiles;
  readonly tree?: PinnedDirectory;
  readonly treePath: string;
  /** What is at the tree's place, if it is no directory: `a symbolic link`. */
  readonly treeIsNot?: string;
  readonly extracted?: TreeEntry;
  /** False if it could not be told whether there is a tree. */
  readonly isTreeTold: boolean;
  /** Numbers that change when something is written, replaced or deleted. */
  readonly stamp: readonly number[];
}

/**
 * Opens what there is of a module version.
 * @param notes for what cannot be read; without them it is not told
 */
export function openRecord(cache: PinnedDirectory, module: string, version: string, notes?: Notes): OpenRecord {
  const stamp: number[] = [];
  const refuse = (path: string, reason: string): void => void notes?.unread.push({ path, reason });
  const directoryPath = `${cache.path}/cache/download/${module}/@v`;
  const directory = enter(cache, ["cache", "download", ...module.split("/"), "@v"], refuse);
  const files = directory === undefined ? {} : lookAtFiles(directory, version, stamp, refuse);
  const parents = module.split("/");
  const name = `${parents.pop()}@${version}`;
  const treePath = `${cache.path}/${module}@${version}`;
  let tree: PinnedDirectory | undefined;
  let treeIsNot: string | undefined;
  let isTreeTold = true;
  try {
    tree = cache.descend([...parents, name]);
  } catch (error) {
    if (error instanceof WrongType) treeIsNot = error.message;
    else if (!isAbsent(error)) {
      isTreeTold = false;
      refuse(treePath, reasonOf(error));
    }
  }
  const own = tree?.own();
  if (own !== undefined) stampOf(own, stamp);
  return {
    directoryPath,
    version,
    files,
    treePath,
    isTreeTold,
    stamp,
    ...(directory === undefined ? {} : { directory }),
    ...(tree === undefined ? {} : { tree }),
    ...(treeIsNot === undefined ? {} : { treeIsNot }),
    ...(own === undefined ? {} : { extracted: new TreeEntry(undefined).fill(own) }),
  };
}

export function closeRecord({ directory, tree }: OpenRecord): void {
  directory?.close();
  tree?.close();
}

/** Whether nothing was written, replaced or deleted between two looks. */
export function sameRecord(before: OpenRecord, after: OpenRecord): boolean {
  return before.stamp.length === after.stamp.length && before.stamp.every((value, at) => value === after.stamp[at]);
}

/** ENOENT, or what should be a directory above it is none. */
export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Why something could not be read. @throws the error again if it comes from no system call */
export function reasonOf(error: unknown): string {
  if (error instanceof WrongType) return `it is ${error.message}, which is not followed or read`;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code === "EACCES" ? "permission denied" : `it cannot be read (${code})`;
}

function enter(
  cache: PinnedDirectory,
  names: readonly string[],
  refuse: (path: string, reason: string) => void,
): PinnedDirectory | undefined {
  try {
    return cache.descend(names);
  } catch (error) {
    if (error instanceof WrongType || !isAbsent(error)) refuse(`${cache.path}/${names.join("/")}`, reasonOf(error));
    return undefined;
  }
}

function lookAtFiles(
  directory: PinnedDirectory,
  version: string,
  stamp: number[],
  refuse: (path: string, reason: string) => void,
): RecordFiles {
  const files: RecordFiles = {};
  for (const kind of kinds) {
    const name = `${version}.${kind}`;
    try {
      const stats = directory.look(name);
      if (stats === undefined) continue;
      files[kind] = new TreeEntry(undefined).fill(stats);
      if (kind !== "lock") stampOf(stats, stamp);
    } catch (error) {
      refuse(`${directory.path}/${name}`, reasonOf(error));
    }
  }
  return files;
}

function stampOf({ ino, size, mtimeMs, ctimeMs }: Stats, stamp: number[]): void {
  stamp.push(ino, size, mtimeMs, ctimeMs);
}
