// One marked block of a text file that is otherwise somebody else's: start-up files of shells, .gitattributes, CI settings. Pure.
import { UserError } from "../error.ts";
import { printable } from "../report/safe.ts";

export const beginMark = "# >>> gomodcache >>>";
export const endMark = "# <<< gomodcache <<<";

export interface Marks {
  readonly begin: string;
  readonly end: string;
}

const hashMarks: Marks = { begin: beginMark, end: endMark };

export interface BlockChange {
  readonly text: string;
  /** What was there before: no block, this one, or another one. */
  readonly was: "absent" | "same" | "other";
}

/**
 * The text with this block in it: in the place of the former one, else at the end. All other characters stay as they are.
 * @param text of any encoding that has ASCII in it; one character a byte keeps what is not UTF-8
 * @param block between its marks, in the same encoding
 * @param where the file, for messages
 * @param place where a first block goes, if not at the end
 * @throws {UserError} if the marks in the text are not one pair, or none
 */
export function withBlock(
  text: string,
  block: string,
  where: string,
  place: (text: string, block: string) => string = appended,
  pair: Marks = hashMarks,
): BlockChange {
  const begins = marks(text, pair.begin);
  const ends = marks(text, pair.end);
  const [first] = begins;
  const [last] = ends;
  if (first === undefined && last === undefined) return { text: place(text, block), was: "absent" };
  if (begins.length !== 1 || ends.length !== 1 || first === undefined || last === undefined || last.from < first.from) {
    throw brokenBlock(begins.length, ends.length, where, pair);
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

function brokenBlock(begins: number, ends: number, where: string, { begin, end }: Marks): UserError {
  const found =
    begins === 1 && ends === 1
      ? `"${end}" stands before "${begin}"`
      : `it has ${begins} x "${begin}" and ${ends} x "${end}"`;
  return new UserError(
    `${printable(where)} has a broken gomodcache block: ${found}. Nothing was changed`,
    "remove those lines and what was between them, then run the command again",
  );
}
