// Linux: `/proc/self/fd/N/name` is openat(2), since the kernel goes to what N is open on, whatever its path has become, and
// O_NOFOLLOW keeps the last component from being a link (open(2), proc_pid_fd(5)).
import { chmodSync, chownSync, closeSync, constants, openSync, readFileSync, readSync } from "node:fs";
import { toBytes } from "../host/bytes.ts";
import { checkedName, type Means } from "./means.ts";

/** O_PATH of include/uapi/asm-generic/fcntl.h, the same on every architecture that Node runs on; it opens nothing, it only holds. */
export const O_PATH = 0o10000000;
const { O_RDONLY, O_NOFOLLOW, O_DIRECTORY } = constants;

const scratch = Buffer.alloc(512);

/** The directory of this process's descriptors. */
const descriptors = "/proc/self/fd";

/** The path that leads to what a descriptor holds. */
function pinnedPath(fd: number): string {
  return `${descriptors}/${fd}`;
}

function pathAt(directory: number, name: string): string | Buffer {
  return toBytes(`${descriptors}/${directory}/${name}`);
}

export const procMeans: Means = {
  servesThreads: true,
  isProvenForRoot: true,
  pinTop() {
    const fd = openSync("/", O_PATH | O_DIRECTORY);
    try {
      // Without /proc nothing can be reached through a descriptor.
      closeSync(openSync(pinnedPath(fd), O_PATH | O_DIRECTORY));
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return fd;
  },
  pin: (directory, name) => openSync(pathAt(directory, checkedName(name)), O_PATH | O_NOFOLLOW),
  pinDirectory: (directory, name) => openSync(pathAt(directory, checkedName(name)), O_PATH | O_NOFOLLOW | O_DIRECTORY),
  pinAgain: (fd) => openSync(pinnedPath(fd), O_PATH),
  pathAt,
  chmod: (fd, mode) => chmodSync(pinnedPath(fd), mode),
  chown: (fd, uid, gid) => chownSync(pinnedPath(fd), uid, gid),
  mountIdOf,
  /** Few under a small `ulimit -n`, since a child needs its own copies of them too. */
  mostPinned(most) {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1];
    // Node itself and the pipes of a child have about 40.
    return soft === undefined ? most : Math.max(1, Math.min(most, Math.floor((Number(soft) - 48) / 3)));
  },
  childDirectory: pinnedPath,
  sitting: (work) => work(),
};

/**
 * The ID of the mount that a descriptor is seen through. It tells bind mounts apart, which share st_dev, and unlike fstat(2)
 * it does not ask the file system, which may be one that never answers (proc_pid_fdinfo(5)).
 */
function mountIdOf(fd: number): number {
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
