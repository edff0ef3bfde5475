// Where journals and locks are kept: a directory that only its owner can enter, never inside the cache.
import {
  type BigIntStats,
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
} from "node:fs";
import { posix } from "node:path";
import { exitStatus, UserError } from "../error.ts";
import { openDirectory, openFile, pathAt, sitting, statPinned } from "../tree/pin.ts";
import { BadRoot, openRoot, type Root, type Trusted } from "../tree/root.ts";

const hint = "name one with --state-dir DIR, or give up undo with --no-undo";

export class StateDirectory {
  private constructor(private readonly root: Root) {}

  get path(): string {
    return this.root.path;
  }

  /**
   * Opens the directory, and makes it if it is missing.
   * @param cache which it must not lie in
   * @throws {UserError} if it cannot be had, or if others could write there
   */
  static open(path: string | undefined, cache: string | undefined, make: boolean): StateDirectory | undefined {
    if (path === undefined) throw new UserError("there is no directory for the journal: this user has no HOME", hint);
    const euid = process.geteuid?.() ?? 0;
    const gid = process.getegid?.() ?? 0;
    const trusted = (uid: number): boolean => uid === 0 || uid === euid;
    try {
      const real = existingPart(path, trusted);
      const isInside = cache !== undefined && (real === cache || real.startsWith(`${cache}/`));
      if (isInside) throw new UserError(`${path} lies in the cache, where its other users could write`, hint);
      const missing = { uid: euid, gid, mode: 0o700 };
      const root = openRoot(path, trusted, ...(make ? [missing] : []));
      refuseShared(root, statPinned(root.fd), euid);
      return new StateDirectory(root);
    } catch (error) {
      if (!(error instanceof BadRoot)) throw error;
      if (!make && error.code === "ENOENT") return undefined;
      throw new UserError(`no journal can be kept: ${error.message}`, hint);
    }
  }

  /** Makes a file that was not there. @throws EEXIST */
  create(name: string): number {
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_APPEND } = constants;
    const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND;
    return sitting(() => openSync(this.pathOf(name), flags, 0o600));
  }

  /**
   * The text of a file that nobody else can have written.
   * @param mostLinks how many hard links it may have
   * @throws {UserError} if somebody could have
   */
  read(name: string, mostLinks = 1): string {
    const notOurs = new UserError(
      `${posix.join(this.path, name)} could have been written by somebody else`,
      "it should be a file of who runs this, with mode 0600",
      exitStatus.findings,
    );
    let fd: number;
    try {
      fd = sitting(() => openFile(this.pathOf(name)));
    } catch (error) {
      // A link, a socket or a device without a driver, none of which is made here.
      const { code } = error as NodeJS.ErrnoException;
      throw code === "ELOOP" || code === "ENXIO" ? notOurs : error;
    }
    try {
      const stats = statPinned(fd);
      const isOurs =
        stats.isFile() && stats.uid === process.geteuid?.() && (stats.mode & 0o077) === 0 && stats.nlink <= mostLinks;
      if (!isOurs) throw notOurs;
      return readFileSync(fd, "utf8");
    } finally {
      closeSync(fd);
    }
  }

  /** Waits until the disk knows the files by their names. */
  sync(): void {
    const fd = sitting(() => openDirectory(this.pathOf(".")));
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  names(): string[] {
    return sitting(() => readdirSync(this.pathOf("."))).sort();
  }

  /** link(2) within the directory. @throws EEXIST */
  link(from: string, to: string): void {
    sitting(() => linkSync(this.pathOf(from), this.pathOf(to)));
  }

  rename(from: string, to: string): void {
    sitting(() => renameSync(this.pathOf(from), this.pathOf(to)));
  }

  /** Removes a file, if there is one. */
  remove(name: string): void {
    sitting(() => rmSync(this.pathOf(name), { force: true }));
  }

  /** lstat(2) of a file; undefined if there is none. */
  look(name: string): BigIntStats | undefined {
    return sitting(() => lstatSync(this.pathOf(name), { bigint: true, throwIfNoEntry: false }));
  }

  /** The path of a file as node:fs takes it, bound to this very directory. */
  private pathOf(name: string): string | Buffer {
    return pathAt(this.root.fd, name);
  }

  close(): void {
    closeSync(this.root.fd);
  }
}

/** The path of what exists of a directory, without links. */
function existingPart(path: string, trusted: Trusted): string {
  for (let at = path; ; at = posix.dirname(at)) {
    try {
      const root = openRoot(at, trusted);
      closeSync(root.fd);
      return root.path;
    } catch (error) {
      if (!(error instanceof BadRoot) || error.code !== "ENOENT" || at === "/") throw error;
    }
  }
}

function refuseShared(root: Root, stats: Stats, euid: number): void {
  if (stats.uid === euid && (stats.mode & 0o077) === 0) return;
  const fault = stats.uid === euid ? "others can enter it" : `it belongs to user ${stats.uid}`;
  throw new UserError(
    `${root.path} is no place for a journal: ${fault}`,
    `chmod 0700 it if it is yours, or ${hint}`,
    exitStatus.findings,
  );
}
