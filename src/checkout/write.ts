// Writes a corrected file in place of the old one: a new file beside it, with its mode and owner, then a rename.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import type { ReadFile } from "./read.ts";

/**
 * Replaces the text of a file that was read before. A file that was changed since, a symbolic link and a file with several names
 * are left alone.
 * @returns why nothing was written, or undefined
 */
export function replaceText(
  file: Pick<ReadFile, "place" | "path" | "stats">,
  root: string,
  text: string | Uint8Array,
): string | undefined {
  const { place, path, stats } = file;
  if (isAbsolute(path)) return "it is not in the repository";
  try {
    if (lstatSync(join(root, path)).isSymbolicLink()) return "it is a symbolic link";
  } catch {
    return "it is gone";
  }
  if (stats.nlink > 1) return "it is one file with several names (hard links)";
  const pinned = pin(dirname(place));
  if (pinned === undefined) return "its directory was exchanged meanwhile";
  try {
    return replaceIn(pinned.at, basename(place), file, text);
  } finally {
    if (pinned.fd !== undefined) closeSync(pinned.fd);
  }
}

/**
 * Makes a file that is not there, and the directories above it.
 * @param place absolute
 * @returns why it was not made, or undefined
 */
export function createText(place: string, text: string | Uint8Array, mode: number): string | undefined {
  try {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text, { flag: "wx", mode });
    return undefined;
  } catch (error) {
    return wordsFor(error);
  }
}

/**
 * The directory by its descriptor, so that who may rename directories cannot lead root elsewhere. Without /proc (macOS) by its path.
 */
function pin(directory: string): { at: string; fd?: number } | undefined {
  if (!existsSync("/proc/self/fd")) return { at: directory };
  const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const at = `/proc/self/fd/${fd}`;
  if (readlinkSync(at) === directory) return { at, fd };
  closeSync(fd);
  return undefined;
}

function replaceIn(
  directory: string,
  name: string,
  { stats }: Pick<ReadFile, "stats">,
  text: string | Uint8Array,
): string | undefined {
  const place = join(directory, name);
  const temporary = join(directory, `.${name}.gomodcache-${randomBytes(6).toString("hex")}`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  try {
    const fd = openSync(temporary, flags, 0o600);
    try {
      writeFileSync(fd, text);
      const made = fstatSync(fd);
      if (made.uid !== stats.uid || made.gid !== stats.gid) fchownSync(fd, stats.uid, stats.gid);
      fchmodSync(fd, stats.mode & 0o7777);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    const now = lstatSync(place);
    if (now.ino !== stats.ino || now.dev !== stats.dev || now.size !== stats.size || now.ctimeMs !== stats.ctimeMs) {
      rmSync(temporary, { force: true });
      return "somebody changed it meanwhile";
    }
    renameSync(temporary, place);
    return undefined;
  } catch (error) {
    rmSync(temporary, { force: true });
    return wordsFor(error);
  }
}

function wordsFor(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") return "something is there already";
  return code === "EACCES" || code === "EPERM"
    ? "you may not write there"
    : `it could not be written: ${code ?? message}`;
}
