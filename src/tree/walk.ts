// Walks file trees: synchronous, depth first, without recursion, in slices so that timers, signals and children get their turn.
// One readdir(3) a directory and one lstat(2) an entry, by path, is the fastest that Node offers: no promises, no threads.
// Links are never followed, and nothing but directories is opened.
import { closeSync, constants, lstatSync, openSync, readdirSync, type Stats } from "node:fs";
import { fromBytes, toBytes } from "../host/bytes.ts";
import { type EntryStats, isDirectory } from "./entry.ts";
import { Missed } from "./missed.ts";

/** What is done with the entries. `D` is whatever the visitor wants to remember of a directory. */
export interface Visitor<D> {
  /** A directory was met. @returns what to remember of it */
  enter(name: string, path: string, stats: EntryStats, parent: D): D;
  /** Anything but a directory was met. @param stats may be filled anew after the call */
  visit(name: string, stats: EntryStats, directory: D): void;
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

/** PATH_MAX is 4096 bytes, and a name has up to 255. */
const longestDirectory = 3800;
const once = { throwIfNoEntry: false } as const;

/** A directory that was met and not listed yet. */
export interface Pending<D> {
  readonly path: string;
  /** How the kernel is asked: the path, or below a descriptor where the path is longer than PATH_MAX. */
  readonly access: string;
  readonly directory: D;
  /** True if a name on the way is not UTF-8. */
  readonly raw: boolean;
  readonly accept?: (name: string) => boolean;
}

export class Walk<D> {
  readonly missed = new Missed();
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

  /** Takes directories away, for another thread to list: the newest, and of those all but the ones that only this walk can. */
  take(most: number): Pending<D>[] {
    const taken: Pending<D>[] = [];
    const { stack } = this;
    while (taken.length < most) {
      const top = stack.at(-1);
      if (top === undefined || typeof top === "number" || !isShareable(top)) break;
      if (top.path === this.options.last && taken.length > 0) break;
      taken.push(top);
      stack.pop();
    }
    return taken;
  }

  /** True if only the directory that was put off is left. */
  get isAtLast(): boolean {
    const [only] = this.stack;
    return this.stack.length === 1 && typeof only === "object" && only.path === this.options.last;
  }

  /** How many directories are known and not listed yet. */
  get left(): number {
    return this.stack.length;
  }

  /** Takes directories back that another thread met and did not list. */
  giveBack(directories: readonly Pending<D>[]): void {
    for (const directory of directories) this.add(directory);
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
      this.missed.note(path, error, "it cannot be listed");
      return;
    }
    if (names.some(isDamaged)) {
      // U+FFFD stands for bytes that are not UTF-8 (or is there in truth): only the bytes can tell.
      try {
        names = readdirSync(toBytes(access), "buffer").map(fromBytes);
        raw = true;
      } catch (error) {
        this.missed.note(path, error, "it cannot be listed");
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
        this.missed.vanished += 1;
        continue;
      }
      if (isDirectory(stats.mode)) {
        this.meet(name, access === path ? child : join(path, name), child, stats, directory, raw);
      } else {
        visitor.visit(name, stats, directory);
      }
    }
    visitor.finish(directory);
  }

  private meet(name: string, path: string, access: string, stats: Stats, parent: D, raw: boolean): void {
    const { device } = this.options;
    if (device !== undefined && stats.dev !== device) {
      this.missed.leaveOut(path);
      return;
    }
    this.add({ path, access, directory: this.visitor.enter(name, path, stats, parent), raw });
  }

  private add(pending: Pending<D>): void {
    if (pending.path === this.options.last) this.stack.unshift(pending);
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
    this.missed.leaveOut(path);
    return true;
  }

  /** @returns true if the same will be said of every name in the directory */
  private cannotLook(directory: string, name: string, error: unknown): boolean {
    if ((error as NodeJS.ErrnoException).code === "EACCES") {
      this.missed.note(directory, error, "its names can be listed, but what they name cannot be looked at");
      return true;
    }
    this.missed.note(join(directory, name), error, "it cannot be looked at");
    return false;
  }
}

/** Another thread cannot have the filter, nor what is reached by a descriptor of this walk. */
function isShareable(directory: Pending<unknown>): boolean {
  return directory.accept === undefined && directory.access === directory.path;
}

function join(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

/** Never true for a string of one-byte characters, which V8 knows without looking at them. */
function isDamaged(name: string): boolean {
  return name.includes("\ufffd");
}
