// Changes owner, group and mode of one pinned entry, only if it still is what was planned for, and reads it again.
// No moment leaves it more open than it was or shall be: rights that the new mode does not have go first, then the owner
// changes, then the new rights come.
import { closeSync } from "node:fs";
import { constants } from "node:os";
import type { Wanted } from "../contract/departure.ts";
import type { EntryAcls } from "../permission/acl.ts";
import { octal } from "../permission/entry.ts";
import { Unpinnable } from "./means.ts";
import { chmodPinned, chownPinned, inodeOf, lookAt, mountIdOf, pathAt, pin, statPinned } from "./pin.ts";
import type { Root } from "./root.ts";

/** What was seen of an entry when the change was planned. Any change of it since then gives it another ctime (inode(7)). */
export interface Seen {
  readonly isDirectory: boolean;
  /** Exact: a bigint where a number would be rounded. */
  readonly ino: number | bigint;
  /** Milliseconds. */
  readonly ctime: number;
  /** Milliseconds; 0 where the file system does not tell when a file was made. */
  readonly birthtime: number;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** Hard links of a file. */
  readonly links: number;
  readonly acls?: EntryAcls;
}

export interface Change {
  readonly name: string;
  readonly seen: Seen;
  readonly wanted: Wanted;
}

/** `skipped`: it is not what was planned for, so nothing was done. `failed`: the kernel refused, or did something else. */
export type Outcome = { readonly status: "changed" } | Undone;
export interface Undone {
  readonly status: "skipped" | "failed";
  readonly reason: string;
  /** Of the system call that was refused: EPERM, EROFS, … */
  readonly code?: string;
}

/** Where entries have to lie. */
export type Tree = Pick<Root, "device" | "mountId">;

/** A pinned entry that passed all checks; whoever has it closes it. */
export interface Held {
  readonly fd: number;
  readonly change: Change;
}

/**
 * Pins an entry of a pinned directory and compares it with what was seen.
 * @param hasMounts whether something is mounted in the tree: a bind mount has the tree's st_dev
 */
export function hold(directory: number, change: Change, tree: Tree, hasMounts: boolean): Held | Undone {
  let fd: number;
  try {
    fd = pin(directory, change.name);
  } catch (error) {
    return undone(error);
  }
  // The mount is asked for first: what is mounted there may never answer anything else.
  const isElsewhere = hasMounts && mountIdOf(fd) !== tree.mountId;
  let reason: string | undefined;
  try {
    reason = isElsewhere
      ? "something is mounted there"
      : (difference(fd, change.seen, tree) ?? strayed(directory, change));
  } catch (error) {
    closeSync(fd);
    return undone(error);
  }
  if (reason === undefined) return { fd, change };
  closeSync(fd);
  return { status: "skipped", reason };
}

/** In what a pinned entry differs from what was seen, in words; undefined if in nothing. */
export function difference(fd: number, seen: Seen, tree: Tree): string | undefined {
  const stats = statPinned(fd);
  // Files of overlayfs can have other devices than its directories, and btrfs subvolumes have one each: the mount decides.
  if (stats.dev !== tree.device && mountIdOf(fd) !== tree.mountId) return "another file system is mounted there now";
  const isDirectory = stats.isDirectory();
  if (isDirectory !== seen.isDirectory || !(isDirectory || stats.isFile()) || inodeOf(fd, stats) !== seen.ino)
    return "something else is there now";
  if (stats.ctimeMs !== seen.ctime || stats.uid !== seen.uid || stats.gid !== seen.gid)
    return "it was changed meanwhile";
  if ((stats.mode & 0o7777) !== seen.mode) return "its mode was changed meanwhile";
  return !isDirectory && stats.nlink !== seen.links ? "it has other hard links now" : undefined;
}

/**
 * A file's name must still lead to the pinned inode, with no other link: else somebody linked it in, to have it changed, and
 * took the link away between open and fstat (the attack of CVE-2017-18078).
 */
function strayed(directory: number, { name, seen }: Change): string | undefined {
  if (seen.isDirectory) return undefined;
  const stats = lookAt(pathAt(directory, name));
  if (stats === undefined) return "it is gone";
  if (stats.nlink !== seen.links) return "it has other hard links now";
  return stats.ino === Number(seen.ino) ? undefined : "something else is there now";
}

/** Gives the pinned entry its owner, group and mode. @param mode what it ends with, if not all rights are to come yet */
export function changeMetadata({ fd, change }: Held, mode = change.wanted.mode): Outcome {
  const { seen, wanted } = change;
  try {
    let now = seen.mode;
    if (seen.uid !== wanted.uid || seen.gid !== wanted.gid) {
      const both = seen.mode & mode;
      if (both !== now) chmodPinned(fd, both);
      chownPinned(fd, wanted.uid, wanted.gid);
      now = both;
    }
    if (now !== mode) chmodPinned(fd, mode);
    return verify(fd, { ...wanted, mode });
  } catch (error) {
    return undone(error);
  }
}

/** Reads the entry again: chmod(2) drops setgid silently for who is not in the group, and some file systems accept everything. */
export function verify(fd: number, wanted: Pick<Wanted, "uid" | "gid" | "mode">): Outcome {
  const { uid, gid, mode } = statPinned(fd);
  if (uid === wanted.uid && gid === wanted.gid && (mode & 0o7777) === wanted.mode) return { status: "changed" };
  const is = `${uid}:${gid} ${octal(mode)}`;
  const should = `${wanted.uid}:${wanted.gid} ${octal(wanted.mode)}`;
  const setgid = (wanted.mode & 0o2000) !== 0 && (mode & 0o2000) === 0;
  const why = setgid ? "setgid needs CAP_FSETID or membership in the group" : "this file system does not keep it";
  return { status: "failed", reason: `the change was accepted, but it is ${is} and not ${should}: ${why}` };
}

/** The outcome of a system call that was refused. @throws the error again if it is none of a system call */
export function undone(error: unknown): Undone {
  if (error instanceof Unpinnable)
    return { status: error.code === "ENXIO" ? "skipped" : "failed", reason: error.message, code: error.code };
  const code = codeOf(error as NodeJS.ErrnoException);
  if (code === undefined) throw error;
  if (code === "ENOENT" || code === "ENOTDIR") return { status: "skipped", reason: "it is gone", code };
  return { status: "failed", reason: reasons.get(code) ?? `the kernel refused it (${code})`, code };
}

/** Node has no names of its own for some errors, as EDQUOT and ESTALE. */
function codeOf({ code, errno }: NodeJS.ErrnoException): string | undefined {
  if (code === undefined || !code.startsWith("Unknown system error")) return code;
  const known = Object.entries(constants.errno).find(([, number]) => number === -(errno ?? 0));
  return known?.[0] ?? code;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["EPERM", "only its owner or root may change it, and not even they if it is immutable (lsattr shows it)"],
  ["EACCES", "a directory on the way does not let this user in"],
  ["EROFS", "the file system is read-only"],
  ["ENOSPC", "the file system is full"],
  ["EDQUOT", "the quota of its owner is used up"],
  ["EINVAL", "this user namespace has no such user or group"],
  ["ELOOP", "it is a symbolic link now"],
  ["ESTALE", "the file server has no such file any more"],
  ["EMFILE", "too many files would be open (ulimit -n)"],
  ["ENAMETOOLONG", "its path is longer than the kernel takes"],
  ["EIO", "the disk reported an error"],
]);
