// Removes a file or a whole tree below a pinned directory. A name is removed, never what a link leads to, and no directory is
// entered that is a link or on another mount.
import { closeSync, readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { fromBytes } from "../host/bytes.ts";
import { type Outcome, undone } from "./change.ts";
import { chmodPinned, inodeOf, mountIdOf, pathAt, pin, pinDirectory, sitting, statPinned } from "./pin.ts";
import type { Root } from "./root.ts";

/** What was seen of an entry when its removal was planned. */
export interface Removal {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly ino: number | bigint;
  /** When its content changed last, in milliseconds: ctime would tell of repairs of its owner too. */
  readonly mtime: number;
}

/** A directory that is being emptied. */
interface Open {
  readonly fd: number;
  readonly name: string;
  readonly names: string[];
}

/** @param directory pinned, below the root */
export function remove(directory: number, removal: Removal, root: Root): Outcome {
  return sitting(() => removeHere(directory, removal, root));
}

function removeHere(directory: number, removal: Removal, root: Root): Outcome {
  const { name, isDirectory } = removal;
  try {
    const fd = pin(directory, name);
    try {
      const stats = statPinned(fd);
      const isSame =
        (stats.dev === root.device || mountIdOf(fd) === root.mountId) &&
        stats.isDirectory() === isDirectory &&
        inodeOf(fd, stats) === removal.ino &&
        stats.mtimeMs === removal.mtime;
      if (!isSame) return { status: "skipped", reason: "it was changed meanwhile" };
    } finally {
      closeSync(fd);
    }
    if (isDirectory) return removeTree(directory, name, root);
    unlinkSync(pathAt(directory, name));
    return { status: "changed" };
  } catch (error) {
    return undone(error);
  }
}

/** Depth first without recursion. The entries that are left when it fails are whole, and a later run goes on with them. */
function removeTree(directory: number, top: string, root: Root): Outcome {
  const way: Open[] = [];
  try {
    way.push(open(directory, top, root));
    for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
      const name = at.names.pop();
      const parent = way.at(-2)?.fd ?? directory;
      if (name === undefined) {
        closeSync(at.fd);
        way.pop();
        rmdirSync(pathAt(parent, at.name));
        continue;
      }
      try {
        unlinkSync(pathAt(at.fd, name));
      } catch (error) {
        // unlink(2) of a directory is EISDIR on Linux, EPERM in POSIX.
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "EISDIR" && code !== "EPERM") throw error;
        way.push(open(at.fd, name, root));
      }
    }
    return { status: "changed" };
  } finally {
    for (const { fd } of way) closeSync(fd);
  }
}

function open(directory: number, name: string, root: Root): Open {
  const fd = pinDirectory(directory, name);
  try {
    if (mountIdOf(fd) !== root.mountId)
      throw Object.assign(new Error("another file system is mounted in it"), { code: "EXDEV" });
    const stats = statPinned(fd);
    // Go's directories are read-only; their owner may lift that, and root need not.
    if (process.geteuid?.() === stats.uid && (stats.mode & 0o700) !== 0o700)
      chmodPinned(fd, (stats.mode & 0o7777) | 0o700);
    return { fd, name, names: readdirSync(pathAt(fd, "."), "buffer").map(fromBytes) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
