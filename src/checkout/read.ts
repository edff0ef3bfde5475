// Reads files of a repository as text. What cannot be read as such is told, never guessed at.
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, type Stats } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import type { LintFile } from "../lint/file.ts";

export interface ReadFile extends LintFile {
  /** Absolute, without symbolic links. */
  readonly place: string;
  readonly stats: Stats;
}

/** In bytes: no file that people write is larger. */
export const largestFile = 10 * 1024 * 1024;

/**
 * @param root of the repository: a link that leads out of it is not followed
 * @param path relative to it, or absolute
 * @returns the file, or why there is none
 */
export function readFile(root: string, path: string): ReadFile | { unread: string } {
  const given = isAbsolute(path) ? path : join(root, path);
  let place: string;
  try {
    place = realpathSync(given);
    const base = realpathSync(root);
    const inside = relative(base, place);
    if (lstatSync(given).isSymbolicLink() || place !== given) {
      if (inside.startsWith("..") || isAbsolute(inside))
        return { unread: "it is a symbolic link out of the repository, or below one" };
    }
  } catch (error) {
    return { unread: wordsFor(error) };
  }
  let fd: number;
  try {
    // Non-blocking, so that a FIFO cannot hold us up.
    fd = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return { unread: wordsFor(error) };
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return { unread: "it is no regular file" };
    if (stats.size > largestFile) return { unread: `it is larger than ${largestFile / 1024 / 1024} MiB` };
    const bytes = Buffer.alloc(stats.size + 1);
    let length = 0;
    for (let count = 1; count > 0 && length < bytes.length; length += count)
      count = readSync(fd, bytes, length, bytes.length - length, null);
    const content = bytes.subarray(0, length);
    if (content.includes(0)) return { unread: "it is binary" };
    const text = content.toString("utf8");
    // Written back, other encodings would be damaged.
    if (Buffer.byteLength(text) !== length || !Buffer.from(text).equals(content)) return { unread: "it is not UTF-8" };
    return { path, text, place, stats };
  } catch (error) {
    return { unread: wordsFor(error) };
  } finally {
    closeSync(fd);
  }
}

function wordsFor(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "it is not there";
  if (code === "EACCES" || code === "EPERM") return "you may not read it";
  if (code === "ELOOP") return "its symbolic links go in a circle";
  return `it could not be read: ${code ?? message}`;
}
