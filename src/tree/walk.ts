// Walks file trees: synchronous, depth first, without recursion, in slices so that timers, signals and children get their turn.
// One readdir(3) a directory and one lstat(2) an entry, by path, is the fastest that Node offers: no promises, no threads.
// Links are never followed, and nothing but directories is opened.
import { closeSync, constants, lstatSync, openSync, readdirSync, type Stats } from "node:fs";
import { fromBytes, toBytes } from "../host/bytes.ts";
import { isDirectory } from "./entry.ts";

/** What is done with the entries. `D` is whatever the visitor wants to remember of a directory. */
export interface Visitor<D> {
  /** A directory was met. @returns what to remember of it; undefined if it is not to be listed */
  enter(name: string, path: string, stats: Stats, parent: D): D | undefined;
  /** Anything but a directory was met. */
  visit(name: string, stats: Stats, directory: D): void;
  /** Every name of the directory was met; the directories in it were not listed yet. */
  finish(directory: D): void;
}

/** A directory to begin with. It is itself not visited again. */
export interface Start<D> {
  /** Absolute. */
  readonly path: string;
  readonly directory: D;
  /** Which of its own names to look at; all if absent. */
  readonly accept?: (name: string) => boolean;
}

export interface WalkOptions {
  /** st_dev of the tree: directories of other devices are not entered. Absent: all are, and mount points too. */
  readonly device?: number;
  /** Where file systems are mounted. Bind mounts share st_dev, and lstat(2) on a dead network mount would hang. */
  readonly mountPoints?: ReadonlySet<string>;
  /** The path of a directory to put off until everything else was walked. */
  readonly last?: string;
}

/** Something that could not be looked at, and why. */
export interface Unread {
  readonly path: string;
  readonly reason: string;
}

/** How many of them are named. */
const mostNamed = 20;
/** PATH_MAX is 4096 bytes, and a name has up to 255. */
const longestDirectory = 3800;
const once = { throwIfNoEntry: false } as const;

interface Pending<D> {
  readonly path: string;
  /** How the kernel is asked: the path, or below a descriptor where the path is longer than PATH_MAX. */
  readonly access: string;
  readonly directory: D;
  /** True if a name on the way is not UTF-8. */
  readonly raw: boolean;
  readonly accept?: (name: string) => boolean;
}

export class Walk<D> {
  /** How many entries were met, the starts aside. */
  entries = 0;
  /** Entries that were listed and then gone: somebody is deleting. */
  vanished = 0;
  /** What could not be listed or looked at: the first are named, all are counted. */
  readonly unread: Unread[] = [];
  unreadCount = 0;
  /** Other file systems that were left out. */
  readonly mounts: string[] = [];
  mountCount = 0;
  /** Where the walk is, for a progress line. */
  current = "";

  private readonly mountPoints: ReadonlySet<string> | undefined;
  /** Directories to list; a number is a descriptor to close when everything above it on the stack is done. */
  private readonly stack: (Pending<D> | number)[] = [];

  constructor(
    private readonly visitor: Visitor<D>,
    starts: readonly Start<D>[],
    private readonly options: WalkOptions = {},
  ) {
    // The last start is popped first.
    for (let at = starts.length - 1; at >= 0; at -= 1) {
      const start = starts[at] as Start<D>;
      this.stack.push({ ...start, access: start.path, raw: typeof toBytes(start.path) !== "string" });
    }
    const all = options.device === undefined ? [] : [...(options.mountPoints ?? [])];
    const below = all.filter((point) => starts.some(({ path }) => point.startsWith(path === "/" ? path : `${path}/`)));
    this.mountPoints = below.length === 0 ? undefined : new Set(below);
  }

  /**
   * Walks on until the time is over (it ends between two directories), or until `pause` says so.
   * @returns true while something is left
   */
  advance(milliseconds = Number.POSITIVE_INFINITY, pause?: () => boolean): boolean {
    const end = performance.now() + milliseconds;
    for (;;) {
      const next = this.stack.pop();
      if (next === undefined) return false;
      if (typeof next === "number") {
        closeSync(next);
        continue;
      }
      this.current = next.path;
      this.list(next);
      if (performance.now() >= end || pause?.() === true) return this.stack.length > 0;
    }
  }

  /** Gives up what is left. */
  stop(): void {
    for (const item of this.stack) if (typeof item === "number") closeSync(item);
    this.stack.length = 0;
  }

  private list(at: Pending<D>): void {
    const { path, directory, accept } = at;
    let { access, raw } = at;
    let names: string[];
    try {
      access = this.shorten(access, raw);
      names = readdirSync(raw ? toBytes(access) : access);
    } catch (error) {
      this.cannot(path, error, "it cannot be listed");
      return;
    }
    if (names.some(isDamaged)) {
      // U+FFFD stands for bytes that are not UTF-8 (or is there in truth): only the bytes can tell.
      try {
        names = readdirSync(toBytes(access), "buffer").map(fromBytes);
        raw = true;
      } catch (error) {
        this.cannot(path, error, "it cannot be listed");
        return;
      }
    }
    const { visitor } = this;
    const base = `${access === "/" ? "" : access}/`;
    for (const name of names) {
      if (accept !== undefined && !accept(name)) continue;
      const child = base + name;
      if (this.mountPoints !== undefined && this.isMounted(path, name)) continue;
      let stats: Stats | undefined;
      try {
        stats = lstatSync(raw ? toBytes(child) : child, once);
      } catch (error) {
        if (this.cannotLook(path, name, error)) break;
        continue;
      }
      if (stats === undefined) {
        this.vanished += 1;
        continue;
      }
      if (isDirectory(stats.mode)) {
        this.meet(name, access === path ? child : join(path, name), child, stats, directory, raw);
      } else {
        this.entries += 1;
        visitor.visit(name, stats, directory);
      }
    }
    visitor.finish(directory);
  }

  private meet(name: string, path: string, access: string, stats: Stats, parent: D, raw: boolean): void {
    const { device, last } = this.options;
    if (device !== undefined && stats.dev !== device) {
      this.leaveOut(path);
      return;
    }
    this.entries += 1;
    const directory = this.visitor.enter(name, path, stats, parent);
    if (directory === undefined) return;
    const pending = { path, access, directory, raw };
    if (path === last) this.stack.unshift(pending);
    else this.stack.push(pending);
  }

  /** A path near PATH_MAX is replaced by a descriptor of the directory, which stays open until all below it is done. */
  private shorten(access: string, raw: boolean): string {
    // A UTF-16 unit has at most three bytes in UTF-8.
    if (access.length * 3 <= longestDirectory) return access;
    const bytes = raw ? toBytes(access) : access;
    if (Buffer.byteLength(bytes) <= longestDirectory) return access;
    const descriptor = openSync(bytes, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    this.stack.push(descriptor);
    return `/proc/self/fd/${descriptor}`;
  }

  private isMounted(directory: string, name: string): boolean {
    const path = join(directory, name);
    if (this.mountPoints?.has(path) !== true) return false;
    this.leaveOut(path);
    return true;
  }

  private leaveOut(path: string): void {
    this.mountCount += 1;
    if (this.mounts.length < mostNamed) this.mounts.push(path);
  }

  /** @returns true if the same will be said of every name in the directory */
  private cannotLook(directory: string, name: string, error: unknown): boolean {
    if ((error as NodeJS.ErrnoException).code === "EACCES") {
      this.cannot(directory, error, "its names can be listed, but what they name cannot be looked at");
      return true;
    }
    this.cannot(join(directory, name), error, "it cannot be looked at");
    return false;
  }

  private cannot(path: string, error: unknown, what: string): void {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === "ENOENT" || code === "ENOTDIR") {
      this.vanished += 1;
      return;
    }
    this.unreadCount += 1;
    if (this.unread.length < mostNamed) this.unread.push({ path, reason: `${what} (${code})` });
  }
}

function join(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

/** Never true for a string of one-byte characters, which V8 knows without looking at them. */
function isDamaged(name: string): boolean {
  return name.includes("\ufffd");
}
