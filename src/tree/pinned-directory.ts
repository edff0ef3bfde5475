// Directories that are held open while what is in them is read: names are looked up below a descriptor, so that nobody who may write
// above can make this program read something else meanwhile. No link is ever followed, and nothing but files and directories opened.
import { closeSync, existsSync, readdirSync, type Stats } from "node:fs";
import { fromBytes, toBytes } from "../host/bytes.ts";
import { lookAt, openDirectory, openFile, pathAt, statPinned } from "./pin.ts";

/** Linux resolves names below /proc/self/fd/N in the directory itself. Elsewhere paths must do. */
const isPinning = existsSync("/proc/self/fd");

export type NameType = "file" | "directory" | "symlink" | "other";

export interface Name {
  readonly name: string;
  readonly type: NameType;
}

/** Not what it should be: a link, a FIFO, a directory instead of a file. */
export class WrongType extends Error {}

export class PinnedDirectory {
  private constructor(
    /** Where it was found, for messages. */
    readonly path: string,
    private readonly descriptor: number,
  ) {}

  /** @throws the error of open(2), or WrongType if it is a link or no directory */
  static open(path: string): PinnedDirectory {
    return new PinnedDirectory(path, openTyped(toBytes(path)));
  }

  /** @throws the error of open(2), or WrongType if it is a link or no directory */
  enter(name: string): PinnedDirectory {
    return new PinnedDirectory(`${this.path}/${name}`, openTyped(this.at(name)));
  }

  /** Enters one directory after the other. @throws as enter */
  descend(names: readonly string[]): PinnedDirectory {
    let at: PinnedDirectory = this;
    try {
      for (const name of names) {
        const next = at.enter(name);
        if (at !== this) at.close();
        at = next;
      }
    } catch (error) {
      if (at !== this) at.close();
      throw error;
    }
    return at;
  }

  /** @throws the error of readdir(3) */
  list(): Name[] {
    const path = this.at("");
    const entries = readdirSync(path, { withFileTypes: true });
    // U+FFFD stands for bytes that are not UTF-8 (or is there in truth): only the bytes can tell.
    if (!entries.some(({ name }) => name.includes("\ufffd"))) return entries.map((entry) => named(entry.name, entry));
    return readdirSync(path, { withFileTypes: true, encoding: "buffer" }).map((entry) =>
      named(fromBytes(entry.name), entry),
    );
  }

  /** lstat(2) of a name; undefined if there is none. */
  look(name: string): Stats | undefined {
    return lookAt(this.at(name));
  }

  /** fstat(2) of the directory itself. */
  own(): Stats {
    return statPinned(this.descriptor);
  }

  /**
   * Opens a regular file and hands its descriptor and size on.
   * @param isListed true if `list` has just told that it is a file
   * @throws the error of open(2), or WrongType
   */
  withFile<T>(name: string, use: (descriptor: number, size: number) => T, isListed = false): T {
    const path = this.at(name);
    // Opening a device can do something by itself, so that what is not known to be none is looked at before.
    const seen = isListed ? undefined : lookAt(path);
    if (seen?.isFile() === false) throw new WrongType(typeName(seen));
    const descriptor = openFile(path);
    let result: T;
    try {
      const stats = statPinned(descriptor);
      if (!stats.isFile()) throw new WrongType(typeName(stats));
      result = use(descriptor, stats.size);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    if (!(result instanceof Promise)) {
      closeSync(descriptor);
      return result;
    }
    return result.finally(() => closeSync(descriptor)) as T;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private at(name: string): string | Buffer {
    return isPinning ? pathAt(this.descriptor, name) : toBytes(`${this.path}/${name}`);
  }
}

/** @throws the error of open(2), or WrongType if it is a link or no directory */
function openTyped(path: string | Buffer): number {
  try {
    return openDirectory(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTDIR" && code !== "ELOOP") throw error;
    // The same error stands for a link, for what is no directory, and for a component above that went away.
    const seen = lookAt(path);
    if (seen === undefined || seen.isDirectory()) throw error;
    throw new WrongType(typeName(seen));
  }
}

interface Typed {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

function named(name: string, entry: Typed): Name {
  const type = entry.isFile()
    ? "file"
    : entry.isDirectory()
      ? "directory"
      : entry.isSymbolicLink()
        ? "symlink"
        : "other";
  return { name, type };
}

function typeName(entry: Typed): string {
  if (entry.isSymbolicLink()) return "a symbolic link";
  if (entry.isDirectory()) return "a directory";
  return entry.isFile() ? "a file" : "a FIFO, socket or device";
}
