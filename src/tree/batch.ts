// What a walking thread sends: the entries of some directories, packed so that they cross between threads without a copy.
import type { EntryStats } from "./entry.ts";
import type { Missed } from "./missed.ts";
import type { Visitor } from "./walk.ts";

/** The directories to walk, as paths; they are numbered from 0. */
export interface Request {
  readonly paths: readonly string[];
}

export interface Batch {
  /** The names of all entries, one after the other, with `/` between them, which no name holds. */
  readonly names: string;
  /** `width` numbers for each entry. */
  readonly stats: Float64Array;
  /**
   * Two numbers for each listed directory: its own number, and how many of the entries are its. Entries are numbered
   * on from the directories of the request.
   */
  readonly listed: readonly number[];
  /** Directories that were met and not listed, by number. */
  readonly left: readonly number[];
  readonly missed: Pick<Missed, "vanished" | "unreadCount" | "unread" | "mountCount" | "mounts">;
}

/** Mode, uid, gid, links, size, mtime, ctime, inode, birth time. */
const width = 9;

/** Packs what it is shown. A directory is remembered by its number. */
export class Packer implements Visitor<number> {
  private names: string[] = [];
  private stats = new Float64Array(1024 * width);
  private listed: number[] = [];
  private lastFinished = 0;

  /** @param first the number of the first entry */
  constructor(private readonly first: number) {}

  enter(name: string, _path: string, stats: EntryStats): number {
    return this.pack(name, stats);
  }

  visit(name: string, stats: EntryStats): void {
    this.pack(name, stats);
  }

  finish(directory: number): void {
    this.listed.push(directory, this.names.length - this.lastFinished);
    this.lastFinished = this.names.length;
  }

  batch(left: readonly number[], missed: Missed): Batch {
    const { vanished, unreadCount, unread, mountCount, mounts } = missed;
    return {
      names: this.names.join("/"),
      stats: this.stats.slice(0, this.names.length * width),
      listed: this.listed,
      left,
      missed: { vanished, unreadCount, unread, mountCount, mounts },
    };
  }

  private pack(name: string, from: EntryStats): number {
    let at = this.names.length * width;
    if (at === this.stats.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.stats);
      this.stats = larger;
    }
    const { stats } = this;
    stats[at++] = from.mode;
    stats[at++] = from.uid;
    stats[at++] = from.gid;
    stats[at++] = from.nlink;
    stats[at++] = from.size;
    stats[at++] = from.mtimeMs;
    stats[at++] = from.ctimeMs;
    stats[at++] = from.ino;
    stats[at] = from.birthtimeMs;
    return this.first + this.names.push(name) - 1;
  }
}

/** Reads the packed numbers of one entry after the other. */
export class Unpacker implements EntryStats {
  mode = 0;
  uid = 0;
  gid = 0;
  nlink = 0;
  size = 0;
  mtimeMs = 0;
  ctimeMs = 0;
  ino = 0;
  birthtimeMs = 0;
  private at = 0;

  constructor(private readonly packed: Float64Array) {}

  next(): this {
    const { packed } = this;
    let { at } = this;
    this.mode = packed[at++] as number;
    this.uid = packed[at++] as number;
    this.gid = packed[at++] as number;
    this.nlink = packed[at++] as number;
    this.size = packed[at++] as number;
    this.mtimeMs = packed[at++] as number;
    this.ctimeMs = packed[at++] as number;
    this.ino = packed[at++] as number;
    this.birthtimeMs = packed[at++] as number;
    this.at = at;
    return this;
  }
}
