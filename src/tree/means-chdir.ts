// Systems without /proc, macOS above all. Node has neither openat(2) nor fchdir(2), but chdir(2): a working directory is held by
// the kernel itself, so that a name in it leads there whatever its path has become, exactly as a descriptor of openat(2) would. So this
// process goes into the directory, looks whether `.` is the inode that a descriptor of it holds (a link or an exchanged directory on
// the way leads to another one), and uses the bare name, with O_NOFOLLOW. An entry is changed by fchmod(2) and fchown(2) alone.
//
// The working directory is the whole process's: all this is synchronous, within a `sitting` that goes back at its end, and in
// one thread (a worker of Node has no chdir).
import {
  type BigIntStats,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  type Stats,
  statSync,
} from "node:fs";
import { toBytes } from "../host/bytes.ts";
import { octal } from "../permission/entry.ts";
import { checkedName, type Means, Unpinnable } from "./means.ts";

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_DIRECTORY } = constants;

/** How many entries are held at a time: the usual `ulimit -n` of macOS is 256. */
const mostHeld = 64;

/** How a pinned directory was reached. */
interface Place {
  readonly path: string;
  readonly name: string;
  readonly parent: Identity | undefined;
}

type Identity = Pick<BigIntStats, "dev" | "ino">;

/**
 * @param linkFlags what opens a symbolic link itself: O_SYMLINK of macOS (open(2)); Linux has O_PATH | O_NOFOLLOW, with which the
 *   tests drive the same code
 */
export function chdirMeans(linkFlags: number): Means {
  const chdir = new WorkingDirectory();
  const pathAt = (directory: number, name: string): string => {
    chdir.enter(directory);
    return `./${name}`;
  };
  const pinned = (directory: number, name: string, flags: number): number => {
    const path = toBytes(pathAt(directory, checkedName(name)));
    const fd = openSync(path, flags | O_NONBLOCK | O_NOCTTY);
    chdir.learn(fd, directory, name);
    return fd;
  };
  return {
    servesThreads: false,
    isProvenForRoot: false,
    pinTop() {
      const fd = openSync("/", O_RDONLY | O_DIRECTORY);
      chdir.learnTop(fd);
      return fd;
    },
    pin(directory, name) {
      const stats = lstatSync(toBytes(pathAt(directory, checkedName(name))));
      if (stats.isSymbolicLink()) return pinned(directory, name, linkFlags);
      // To open a device can do something by itself.
      if (!stats.isFile() && !stats.isDirectory())
        throw new Unpinnable("a FIFO, socket or device is there now", "ENXIO");
      try {
        return pinned(directory, name, O_RDONLY | O_NOFOLLOW);
      } catch (error) {
        throw unreadable(error, stats);
      }
    },
    pinDirectory: (directory, name) => pinned(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
    pinAgain(directory) {
      const fd = openSync(pathAt(directory, "."), O_RDONLY | O_DIRECTORY);
      chdir.learnAgain(fd, directory);
      return fd;
    },
    pathAt: (directory, name) => toBytes(pathAt(directory, name)),
    chmod: fchmodSync,
    chown: fchownSync,
    // macOS has no bind mounts: what is mounted has a device of its own.
    mountIdOf: (fd) => fstatSync(fd).dev,
    mostPinned: (most) => Math.min(most, mostHeld),
    childDirectory: () => undefined,
    sitting: (work) => chdir.sitting(work),
  };
}

/** The owner may change the mode of what nobody may read, but only by its path, under which it could be exchanged meanwhile. */
function unreadable(error: unknown, { mode, uid }: Stats): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "EACCES" && code !== "EPERM") return error;
  const isOwn = uid === process.geteuid?.();
  return new Unpinnable(
    `without /proc an entry is changed through an open file, and with mode ${octal(mode & 0o7777)} this user may not open it: ${
      isOwn ? "chmod u+r it, then run this again" : "run this as its owner"
    }`,
    code,
  );
}

/** Where this process is, and how it came there. */
class WorkingDirectory {
  /** By descriptor. What is closed since is overwritten when the number comes again, and never trusted: see `enter`. */
  private readonly places = new Map<number, Place>();
  private isSitting = false;
  private hasMoved = false;

  learnTop(fd: number): void {
    this.places.set(fd, { path: "/", name: ".", parent: undefined });
  }

  learn(fd: number, directory: number, name: string): void {
    const { path } = this.placeOf(directory);
    const parent = fstatSync(directory, { bigint: true });
    this.places.set(fd, { path: path === "/" ? `/${name}` : `${path}/${name}`, name, parent });
  }

  learnAgain(fd: number, directory: number): void {
    this.places.set(fd, this.placeOf(directory));
  }

  /** Goes into the directory that a descriptor holds. @throws ENOENT if no way leads to it any more */
  enter(directory: number): void {
    if (!this.isSitting) throw new Error("the working directory is only left in a sitting");
    const wanted = fstatSync(directory, { bigint: true });
    if (isHere(wanted)) return;
    this.hasMoved = true;
    const { path, name, parent } = this.placeOf(directory);
    // One step is short even where the whole path is longer than the kernel takes.
    if (parent !== undefined && isHere(parent)) {
      process.chdir(`./${name}`);
      if (isHere(wanted)) return;
    }
    process.chdir(path);
    if (!isHere(wanted)) throw Object.assign(new Error(`${path} is another directory now`), { code: "ENOENT" });
  }

  sitting<T>(work: () => T): T {
    if (this.isSitting) return work();
    const home = currentDirectory();
    this.isSitting = true;
    try {
      return work();
    } finally {
      this.isSitting = false;
      if (this.hasMoved) goBack(home);
      this.hasMoved = false;
    }
  }

  private placeOf(directory: number): Place {
    const place = this.places.get(directory);
    if (place === undefined) throw new Error(`descriptor ${directory} was not pinned here`);
    return place;
  }
}

function isHere({ dev, ino }: Identity): boolean {
  const here = statSync(".", { bigint: true });
  return here.dev === dev && here.ino === ino;
}

/** One that was deleted has no path, and leads nowhere. */
function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}

function goBack(home: string): void {
  try {
    process.chdir(home);
  } catch {
    process.chdir("/");
  }
}
