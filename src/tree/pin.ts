// Entries pinned by descriptor, so that whoever controls the tree cannot exchange them under a change made by root.
// Node has no openat(2): on Linux `/proc/self/fd/N/name` is that call, since the kernel goes to what N is open on, whatever its
// path has become, and O_NOFOLLOW keeps the last component from being a link (open(2), proc_pid_fd(5)).
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readSync, type Stats } from "node:fs";
import { toBytes } from "../host/bytes.ts";

/** O_PATH of include/uapi/asm-generic/fcntl.h, the same on every architecture that Node runs on; it opens nothing, it only holds. */
export const O_PATH = 0o10000000;
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_DIRECTORY } = constants;

const scratch = Buffer.alloc(512);

/** The directory of this process's descriptors. */
const descriptors = "/proc/self/fd";

/** The path that leads to what a descriptor holds. */
export function pinnedPath(fd: number): string {
  return `${descriptors}/${fd}`;
}

/** The path, as node:fs takes it, of a name in a pinned directory. */
export function pathAt(directory: number, name: string): string | Buffer {
  return toBytes(`${descriptors}/${directory}/${name}`);
}

/** Pins the file system's root. @throws where there is no /proc */
export function pinFileSystem(): number {
  const fd = openSync("/", O_PATH | O_DIRECTORY);
  try {
    // Without /proc nothing can be reached through a descriptor.
    closeSync(openSync(pinnedPath(fd), O_PATH | O_DIRECTORY));
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}

/** Pins an entry of a pinned directory, of whatever type; a link is pinned itself. @throws ENOENT and the like */
export function pin(directory: number, name: string): number {
  return openSync(pathAt(directory, checked(name)), O_PATH | O_NOFOLLOW);
}

/** Pins a directory in a pinned directory. @throws ENOTDIR if it is a link or anything else */
export function pinDirectory(directory: number, name: string): number {
  return openSync(pathAt(directory, checked(name)), O_PATH | O_NOFOLLOW | O_DIRECTORY);
}

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

/** Another descriptor of what is pinned already. */
export function pinAgain(fd: number): number {
  return openSync(pinnedPath(fd), O_PATH);
}

/** A name, never a path: what a plan or a journal says must not lead out of the directory. */
function checked(name: string): string {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0"))
    throw new Error(`${JSON.stringify(name)} is not the name of an entry`);
  return name;
}

/** fstat(2) of what a descriptor holds. */
export function statPinned(fd: number): Stats {
  return fstatSync(fd);
}

/** How many descriptors may be open for a start: few under a small `ulimit -n`, since a child needs its own copies of them too. */
export function mostPinned(most: number): number {
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1];
  // Node itself and the pipes of a child have about 40.
  return soft === undefined ? most : Math.max(1, Math.min(most, Math.floor((Number(soft) - 48) / 3)));
}

/** The inode number with all its digits: above 2^53 that of Stats is rounded. */
export function inodeOf(fd: number, stats: Stats): number | bigint {
  return Number.isSafeInteger(stats.ino) ? stats.ino : fstatSync(fd, { bigint: true }).ino;
}

/**
 * The ID of the mount that a descriptor is seen through. It tells bind mounts apart, which share st_dev, and unlike fstat(2)
 * it does not ask the file system, which may be one that never answers (proc_pid_fdinfo(5)).
 */
export function mountIdOf(fd: number): number {
  // One read, since it is asked of every directory; the mount's line is the third.
  const info = openSync(`/proc/self/fdinfo/${fd}`, O_RDONLY);
  let text: string;
  try {
    text = scratch.toString("latin1", 0, readSync(info, scratch, 0, scratch.length, 0));
  } finally {
    closeSync(info);
  }
  const id = Number(/^mnt_id:\s*(\d+)$/m.exec(text)?.[1]);
  if (!Number.isInteger(id)) throw new Error("the kernel does not tell the mount of a descriptor");
  return id;
}
