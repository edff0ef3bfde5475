// One marked block of a shell's start-up file: what it says in that shell's words, and where it goes in the text. Pure.
import { UserError } from "../error.ts";
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

const begin = "# >>> gomodcache >>>";
const end = "# <<< gomodcache <<<";

/**
 * The block, each line ended by LF: in a file with CRLF lines too, since a shell would take the CR as part of the value.
 * @throws {UserError} if the directory's name holds a control character
 */
export function shellBlock(content: BlockContent): string {
  const { directory, dialect, umask, umaskNote } = content;
  const lines = [
    begin,
    `# Written by: ${printable(content.command)}`,
    "# The next run replaces this block. What is outside of it is left alone.",
    exportLine(directory, dialect),
  ];
  if (umask !== undefined) lines.push(`umask ${umask}`);
  else if (umaskNote !== undefined)
    lines.push(
      `# A group shares this cache: with a stricter umask than ${umaskNote}, what you add may be closed to the others.`,
    );
  return [...lines, end, ""].join("\n");
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

export interface BlockChange {
  readonly text: string;
  /** What was there before: no block, this one, or another one. */
  readonly was: "absent" | "same" | "other";
}

/**
 * The text with this block in it: in the place of the former one, else at the end. All other characters stay as they are.
 * @param text of any encoding that has ASCII in it; one character a byte keeps what is not UTF-8
 * @param block from shellBlock, in the same encoding
 * @param where the file, for messages
 * @throws {UserError} if the marks in the text are not one pair, or none
 */
export function withBlock(text: string, block: string, where: string): BlockChange {
  const begins = marks(text, begin);
  const ends = marks(text, end);
  const [first] = begins;
  const [last] = ends;
  if (first === undefined && last === undefined) return { text: appended(text, block), was: "absent" };
  if (begins.length !== 1 || ends.length !== 1 || first === undefined || last === undefined || last.from < first.from) {
    throw brokenBlock(begins.length, ends.length, where);
  }
  // Where the file ends with the block and without a line's end, so it shall again.
  const isOpen = last.to === text.length && !text.endsWith("\n");
  const next = text.slice(0, first.from) + (isOpen ? block.slice(0, -1) : block) + text.slice(last.to);
  return { text: next, was: next === text ? "same" : "other" };
}

interface Span {
  readonly from: number;
  /** After the end of the line. */
  readonly to: number;
}

/** The lines that are this mark; editors may have left blanks or a CR behind it. */
function marks(text: string, mark: string): Span[] {
  const found: Span[] = [];
  for (let from = text.indexOf(mark); from >= 0; from = text.indexOf(mark, from + 1)) {
    if (from > 0 && text[from - 1] !== "\n") continue;
    const newline = text.indexOf("\n", from);
    const lineEnd = newline < 0 ? text.length : newline;
    if (!/^[ \t\r]*$/.test(text.slice(from + mark.length, lineEnd))) continue;
    found.push({ from, to: newline < 0 ? lineEnd : newline + 1 });
  }
  return found;
}

/** An empty line comes first: a backslash at the end of the text would else make our first line a part of its last one. */
function appended(text: string, block: string): string {
  if (text === "") return block;
  return `${text}${text.endsWith("\n") ? "" : "\n"}\n${block}`;
}

function brokenBlock(begins: number, ends: number, where: string): UserError {
  const found =
    begins === 1 && ends === 1
      ? `"${end}" stands before "${begin}"`
      : `it has ${begins} x "${begin}" and ${ends} x "${end}"`;
  return new UserError(
    `${printable(where)} has a broken gomodcache block: ${found}. Nothing was changed`,
    "remove those lines and what was between them, then run the command again",
  );
}
