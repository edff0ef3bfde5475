// Entries pinned by descriptor, so that whoever controls the tree cannot exchange them under a change made by root.
import { constants, fstatSync, lstatSync, openSync, type Stats } from "node:fs";
import { means } from "./chosen-means.ts";

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_DIRECTORY } = constants;

/** See {@link means}: each takes and gives descriptors, and is bound to the means of this system. */
export const {
  servesThreads,
  isProvenForRoot,
  pinTop: pinFileSystem,
  pin,
  pinDirectory,
  pinAgain,
  pathAt,
  chmod: chmodPinned,
  chown: chownPinned,
  mountIdOf,
  mostPinned,
  childDirectory,
  sitting,
} = means;

/** Opens a directory to list it. @param path of `pathAt` @throws ENOTDIR or ELOOP if it is a link or anything else */
export function openDirectory(path: string | Buffer): number {
  return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
}

/** Opens a file to read it, follows no link and waits for no FIFO. What was opened is to be looked at. @param path of `pathAt` */
export function openFile(path: string | Buffer): number {
  return openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY);
}

/** lstat(2). @param path of `pathAt` @returns undefined if there is nothing */
export function lookAt(path: string | Buffer): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** fstat(2) of what a descriptor holds. */
export function statPinned(fd: number): Stats {
  return fstatSync(fd);
}

/** The inode number with all its digits: above 2^53 that of Stats is rounded. */
export function inodeOf(fd: number, stats: Stats): number | bigint {
  return Number.isSafeInteger(stats.ino) ? stats.ino : fstatSync(fd, { bigint: true }).ino;
}
