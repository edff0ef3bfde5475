// One line more in the file by which a GitHub Actions step sets variables for the steps after it (docs.github.com, "Workflow
// commands", "Setting an environment variable").
import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { UserError } from "../error.ts";
import { show, toBytes } from "../host/bytes.ts";
import { type Edited, writeAll } from "./edit-file.ts";

export interface GithubEdit {
  readonly kind: "github";
  /** The value of GITHUB_ENV. Absolute. */
  readonly path: string;
  readonly directory: string;
}

/** More than a step sets, in bytes. */
const longestFile = 8 * 1024 * 1024;

/**
 * Appends GOMODCACHE=DIR, unless the last assignment of GOMODCACHE says it already. The file is the runner's: it is never made.
 * @throws {UserError}
 */
export function appendGithub({ path, directory }: GithubEdit): Edited {
  if (typeof toBytes(directory) !== "string")
    throw new UserError(
      `${show(directory)} is not UTF-8, and GitHub reads its files as UTF-8`,
      "choose a directory with an ordinary name",
    );
  let fd: number;
  try {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    fd = openSync(toBytes(path), flags);
  } catch (error) {
    throw unusable(path, `it could not be opened (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw unusable(path, "it is not a regular file");
    if (stat.nlink > 1) throw unusable(path, `it is one file with ${stat.nlink} names (hard links)`);
    if (stat.size > longestFile) throw unusable(path, "it is too large");
    const bytes = Buffer.alloc(stat.size);
    const text = bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytes.length, 0));
    if (assigned(text, "GOMODCACHE") === directory) return { done: "already", path };
    writeAll(fd, Buffer.from((text === "" || text.endsWith("\n") ? "" : "\n") + assignment(directory)));
    return { done: "written", path };
  } finally {
    closeSync(fd);
  }
}

/** NAME=value; with a line break in it, between two lines of a word that nobody can have foreseen. */
function assignment(directory: string): string {
  if (!/[\r\n]/.test(directory)) return `GOMODCACHE=${directory}\n`;
  const word = `gomodcache_${randomBytes(16).toString("hex")}`;
  return `GOMODCACHE<<${word}\n${directory}\n${word}\n`;
}

/** The last value that the file gives a variable, read as the runner does (actions/runner, FileCommandManager.cs). */
export function assigned(text: string, name: string): string | undefined {
  const lines = text.split("\n");
  let value: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as string;
    const equals = line.indexOf("=");
    const here = line.indexOf("<<");
    if (here >= 0 && (equals < 0 || here < equals)) {
      const end = lines.indexOf(line.slice(here + 2), at + 1);
      if (end < 0) return value;
      if (line.slice(0, here) === name) value = lines.slice(at + 1, end).join("\n");
      at = end;
    } else if (equals >= 0 && line.slice(0, equals) === name) {
      value = line.slice(equals + 1);
    }
  }
  return value;
}

function unusable(path: string, reason: string): UserError {
  return new UserError(
    `GITHUB_ENV names ${show(path)}, but ${reason}`,
    "use --persist github in a step of GitHub Actions, or choose --persist go-env, shell or none",
  );
}
