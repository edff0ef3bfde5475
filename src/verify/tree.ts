// Reads an extracted module: every name in it and the content of every file, without following a link or opening anything else.
import { createHash } from "node:crypto";
import { hash1, type NamedDigest } from "../gocache/dirhash.ts";
import { largestModule } from "../gocache/modulezip.ts";
import { TreeEntry } from "../tree/entry.ts";
import { type Name, type PinnedDirectory, WrongType } from "../tree/pinned-directory.ts";
import { digestOf, nameBytes, readPieces, sha256OfBytes } from "./digest.ts";
import type { FileDigest } from "./zip.ts";

/** How a file of the tree departs from the module's zip. */
export interface TreeDeparture {
  /** The path in the module; empty for the tree as a whole. */
  readonly name: string;
  readonly expected: string;
  readonly found: string;
  /** Absent if there is nothing. */
  readonly entry?: TreeEntry;
}

export interface TreeContent {
  /** The first of them, and how many there are. */
  readonly departures: readonly TreeDeparture[];
  readonly count: number;
  readonly files: number;
  /** True if something went away while it was read. */
  readonly vanished: boolean;
  /** True if files of the zip are not there. */
  readonly missing: boolean;
  /** When the directory that was changed last was changed (ctime), in milliseconds since 1970. */
  readonly changed: number;
  /** What could not be read: path in the module and reason. */
  readonly unread: readonly { readonly name: string; readonly reason: string }[];
}

const mostNamed = 20;
/** Each level holds a descriptor. No path in a module zip is nested so deep. */
const deepest = 200;

const scratch = Buffer.allocUnsafe(256 * 1024);

/** What the files of a tree are compared with. */
interface Judge {
  /** @param file in `directory`; its path in the module is `name` */
  meet(name: string, file: Name, directory: PinnedDirectory): void;
  end(): void;
}

/** Compares a tree with the files of its zip, one by one. */
export function compareTree(tree: PinnedDirectory, files: ReadonlyMap<string, FileDigest>): TreeContent {
  const walk = new TreeWalk();
  let met = 0;
  const seen = new Set<string>();
  walk.run(tree, {
    meet(name, file, directory) {
      const expected = files.get(name);
      if (expected === undefined) {
        walk.depart(
          { name, expected: "nothing", found: file.type === "file" ? "a file" : wordOf(file) },
          directory,
          file,
        );
        return;
      }
      met += 1;
      seen.add(name);
      if (file.type !== "file") {
        walk.depart({ name, expected: "a file", found: wordOf(file) }, directory, file);
        return;
      }
      const found = walk.read(name, file, directory, expected.size);
      if (found === undefined || found.sha256 === expected.sha256) return;
      if (found.size !== expected.size) {
        walk.depart(
          {
            name,
            expected: `${expected.size} bytes`,
            found: found.size > expected.size ? "more" : `${found.size} bytes`,
          },
          directory,
          file,
        );
      } else {
        walk.depart({ name, expected: `sha256 ${expected.sha256}`, found: `sha256 ${found.sha256}` }, directory, file);
      }
    },
    end() {
      if (met === files.size || walk.isIncomplete) return;
      for (const name of files.keys()) {
        if (!seen.has(name)) walk.depart({ name, expected: "a file", found: "nothing" });
      }
    },
  });
  return walk.content();
}

/** Compares the hash of a tree with what it may be. @param prefix `module@version/` */
export function hashTree(tree: PinnedDirectory, prefix: string, hashes: readonly string[]): TreeContent {
  const walk = new TreeWalk();
  const named: NamedDigest[] = [];
  let total = 0;
  walk.run(tree, {
    meet(name, file, directory) {
      if (file.type !== "file") {
        walk.depart({ name, expected: "a file", found: wordOf(file) }, directory, file);
        return;
      }
      const found = walk.read(name, file, directory, largestModule - total);
      if (found === undefined) return;
      total += found.size;
      named.push({ name: nameBytes(prefix + name), sha256: found.sha256 });
    },
    end() {
      if (total > largestModule) {
        walk.depart({ name: "", expected: `at most ${largestModule} bytes`, found: "more" });
        return;
      }
      const hash = hash1(named, sha256OfBytes);
      if (walk.isIncomplete || walk.hasDeparted || hashes.includes(hash)) return;
      walk.depart({ name: "", expected: hashes.join(" or "), found: hash });
    },
  });
  return walk.content();
}

function wordOf({ type }: Name): string {
  return type === "symlink" ? "a symbolic link" : type === "directory" ? "a directory" : "a FIFO, socket or device";
}

class TreeWalk {
  private readonly departures: TreeDeparture[] = [];
  private count = 0;
  private files = 0;
  private vanished = false;
  private missing = false;
  private changed = 0;
  private readonly unread: { name: string; reason: string }[] = [];

  /** True if not everything could be read, so that what is missing is not known. */
  get isIncomplete(): boolean {
    return this.unread.length > 0 || this.vanished;
  }

  get hasDeparted(): boolean {
    return this.count > 0;
  }

  run(tree: PinnedDirectory, judge: Judge): void {
    this.walk(tree, "", 0, judge);
    judge.end();
  }

  /** @param directory that holds the `file`, if there is one */
  depart(departure: TreeDeparture, directory?: PinnedDirectory, file?: Name): void {
    this.count += 1;
    this.missing ||= departure.found === "nothing";
    if (this.departures.length >= mostNamed) return;
    const stats = file === undefined ? undefined : directory?.look(file.name);
    this.departures.push(
      stats === undefined ? departure : { ...departure, entry: new TreeEntry(undefined).fill(stats) },
    );
  }

  content(): TreeContent {
    const { departures, count, files, vanished, missing, changed, unread } = this;
    return { departures, count, files, vanished, missing, changed, unread };
  }

  /** The digest of a file; undefined if it could not be read. @param most a longer file is read only so far, and its size is not its own */
  read(name: string, file: Name, directory: PinnedDirectory, most: number): FileDigest | undefined {
    this.files += 1;
    try {
      return directory.withFile(
        file.name,
        (descriptor, size) => {
          // A file that is too long is not read: its size alone tells.
          if (size > most) return { size, sha256: "" };
          if (size <= scratch.length) {
            let first: string | undefined;
            const whole = readPieces(descriptor, most, scratch, (bytes) => {
              first = first === undefined ? digestOf(bytes) : "";
            });
            if (first !== "" || whole === 0) return { size: whole, sha256: first ?? digestOf(Buffer.alloc(0)) };
          }
          const digest = createHash("sha256");
          const whole = readPieces(descriptor, most, scratch, (bytes) => digest.update(bytes));
          return { size: whole, sha256: digest.digest("hex") };
        },
        true,
      );
    } catch (error) {
      if (error instanceof WrongType) this.depart({ name, expected: "a file", found: error.message }, directory, file);
      else this.note(name, error);
      return undefined;
    }
  }

  private walk(directory: PinnedDirectory, prefix: string, depth: number, judge: Judge): void {
    let names: Name[];
    try {
      this.changed = Math.max(this.changed, directory.own().ctimeMs);
      names = directory.list();
    } catch (error) {
      this.note(prefix, error);
      return;
    }
    for (const name of names) {
      const path = prefix + name.name;
      if (name.type !== "directory") judge.meet(path, name, directory);
      else if (depth === deepest)
        this.unread.push({ name: path, reason: `it is nested deeper than ${deepest} directories` });
      else this.enter(directory, name.name, path, depth, judge);
    }
  }

  private enter(parent: PinnedDirectory, name: string, path: string, depth: number, judge: Judge): void {
    let directory: PinnedDirectory;
    try {
      directory = parent.enter(name);
    } catch (error) {
      if (error instanceof WrongType) this.depart({ name: path, expected: "a directory", found: error.message });
      else this.note(path, error);
      return;
    }
    try {
      this.walk(directory, `${path}/`, depth + 1, judge);
    } finally {
      directory.close();
    }
  }

  private note(name: string, error: unknown): void {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === "ENOENT" || code === "ENOTDIR") this.vanished = true;
    else if (this.unread.length < mostNamed) this.unread.push({ name, reason: `it cannot be read (${code})` });
  }
}
