// One marked block of a shell's start-up file: what it says in that shell's words, and where it goes in the text. Pure.
import { UserError } from "../error.ts";
import { beginMark, endMark } from "../generate/marked-block.ts";
import { printable } from "../report/safe.ts";

/** How a shell reads its start-up file: as POSIX sh does, or as fish does. */
export type Dialect = "posix" | "fish";

export interface BlockContent {
  /** The module cache. Absolute. */
  readonly directory: string;
  readonly dialect: Dialect;
  /** The command line that writes the block, for the reader of the file. */
  readonly command: string;
  /** Octal digits such as 002: a comment about the umask that the group's members need. */
  readonly umaskNote?: string;
  /** Octal digits: the block sets this umask. */
  readonly umask?: string;
}

/**
 * The block, each line ended by LF: in a file with CRLF lines too, since a shell would take the CR as part of the value.
 * @throws {UserError} if the directory's name holds a control character
 */
export function shellBlock(content: BlockContent): string {
  const { directory, dialect, umask, umaskNote } = content;
  const lines = [
    beginMark,
    `# Written by: ${printable(content.command)}`,
    "# The next run replaces this block. What is outside of it is left alone.",
    exportLine(directory, dialect),
  ];
  if (umask !== undefined) lines.push(`umask ${umask}`);
  else if (umaskNote !== undefined)
    lines.push(
      `# A group shares this cache: with a stricter umask than ${umaskNote}, what you add may be closed to the others.`,
    );
  return [...lines, endMark, ""].join("\n");
}

/** The line that makes a shell tell go where the cache is. @throws {UserError} if the name holds a control character */
export function exportLine(directory: string, dialect: Dialect): string {
  refuseControls(directory);
  if (dialect === "fish") return `set -gx GOMODCACHE '${directory.replace(/[\\']/g, "\\$&")}'`;
  return `export GOMODCACHE='${directory.replaceAll("'", "'\\''")}'`;
}

/**
 * A name with a line break would be two lines of a settings file, and a shell's or go's reader may drop other controls.
 * @throws {UserError}
 */
export function refuseControls(directory: string): void {
  if (!/[\0-\x1f\x7f]/.test(directory)) return;
  throw new UserError(
    `the cache directory's name holds a control character, so it cannot be kept in a settings file: ${printable(directory)}`,
    "choose a directory with an ordinary name, such as --cache-dir /srv/gomodcache",
  );
}
