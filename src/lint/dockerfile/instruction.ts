// A Dockerfile as instructions, after BuildKit's frontend/dockerfile/parser: lines, continuations, flags, here-documents.
// Every text keeps its length: what is not part of an instruction (a continuation mark, a comment between two lines) becomes
// blanks, so that an offset into an instruction is an offset into the file.
import type { Span } from "../file.ts";
import { splitWords, type Word } from "./words.ts";

export interface Flag extends Span {
  readonly name: string;
  /** Empty for `--link`. */
  readonly value: string;
}

export interface Heredoc extends Span {
  readonly name: string;
  /** Its lines; `start` and `end` are their offsets. */
  readonly text: string;
}

export interface Instruction extends Span {
  /** In capitals. */
  readonly keyword: string;
  readonly flags: readonly Flag[];
  /** What follows the keyword and its flags on the (continued) line. */
  readonly body: string;
  /** The offset of `body` in the file. */
  readonly bodyStart: number;
  /** The words of the body. */
  readonly words: readonly Word[];
  readonly heredocs: readonly Heredoc[];
  /** The arguments in JSON form, `["go", "build"]`. */
  readonly json?: readonly string[];
}

interface Line extends Span {
  /** Without its end. */
  readonly text: string;
  /** Where the next one begins. */
  readonly next: number;
}

function lineAt(text: string, start: number): Line {
  const feed = text.indexOf("\n", start);
  const next = feed < 0 ? text.length : feed + 1;
  const whole = text.slice(start, feed < 0 ? text.length : feed);
  const line = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
  return { text: line, start, end: start + line.length, next };
}

const isComment = (line: string): boolean => /^\s*#/.test(line);
const isBlank = (line: string): boolean => /^\s*$/.test(line);

/** The instructions of a Dockerfile, ONBUILD's own included as they stand. */
export function readInstructions(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const mark = escapeOf(text.slice(at));
  const continued = mark === "`" ? /`[ \t]*$/ : /\\[ \t]*$/;
  while (at < text.length) {
    const line = lineAt(text, at);
    at = line.next;
    if (isBlank(line.text) || isComment(line.text)) continue;
    const parts: string[] = [];
    let end = line.end;
    for (let current = line; ; ) {
      const more = continued.exec(current.text);
      parts.push(more === null ? current.text : current.text.slice(0, more.index));
      end = more === null ? current.end : current.start + more.index;
      if (more === null || at >= text.length) break;
      parts.push(" ".repeat(current.next - end));
      let next = lineAt(text, at);
      while ((isComment(next.text) || isBlank(next.text)) && next.next < text.length) {
        parts.push(" ".repeat(next.next - next.start));
        next = lineAt(text, next.next);
      }
      at = next.next;
      if (isComment(next.text) || isBlank(next.text)) break;
      current = next;
    }
    const clean = parts.join("");
    const { heredocs, next } = readHeredocs(text, clean, at);
    at = next;
    instructions.push(instructionOf(clean, line.start, Math.max(end, heredocs.at(-1)?.end ?? 0), heredocs));
  }
  return instructions;
}

/** The `# escape=` directive, which must stand before everything but other directives. */
function escapeOf(text: string): "\\" | "`" {
  for (let at = 0; at < text.length; ) {
    const line = lineAt(text, at);
    const directive = /^\s*#\s*([a-zA-Z]+)\s*=\s*(\S.*?)\s*$/.exec(line.text);
    if (directive === null) break;
    if (directive[1]?.toLowerCase() === "escape") return directive[2] === "`" ? "`" : "\\";
    at = line.next;
  }
  return "\\";
}

function instructionOf(clean: string, start: number, end: number, heredocs: readonly Heredoc[]): Instruction {
  const indent = clean.length - clean.trimStart().length;
  const keyword = /^\S*/.exec(clean.slice(indent))?.[0] ?? "";
  let at = indent + keyword.length;
  const flags: Flag[] = [];
  for (;;) {
    const flag = /^(\s+)--([a-z][a-z-]*)(?:=(\S*))?(?=\s|$)/.exec(clean.slice(at));
    if (flag === null) break;
    const begin = at + (flag[1] as string).length;
    at += flag[0].length;
    flags.push({ name: flag[2] as string, value: flag[3] ?? "", start: start + begin, end: start + at });
  }
  at += /^\s*/.exec(clean.slice(at))?.[0].length ?? 0;
  const body = clean.slice(at).trimEnd();
  const bodyStart = start + at;
  const json = jsonForm(body);
  return {
    keyword: keyword.toUpperCase(),
    flags,
    body,
    bodyStart,
    words: splitWords(body, bodyStart),
    heredocs,
    ...(json === undefined ? {} : { json }),
    start: start + indent,
    end,
  };
}

function jsonForm(body: string): readonly string[] | undefined {
  if (!body.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return Array.isArray(value) && value.every((part) => typeof part === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The here-documents that a RUN, COPY or ADD announces. One without an end is none: such a file does not build. */
function readHeredocs(text: string, clean: string, from: number): { heredocs: Heredoc[]; next: number } {
  const heredocs: Heredoc[] = [];
  let next = from;
  if (!/^\s*(run|copy|add|onbuild)\s/i.test(clean) || !clean.includes("<<")) return { heredocs, next };
  for (const { raw } of splitWords(clean, 0)) {
    const match = /^\d*<<(-?)(["']?)([^<"'\s]+)\2$/.exec(raw);
    if (match === null) continue;
    const [, dash, , name] = match as unknown as [string, string, string, string];
    const start = next;
    for (let at = next; at < text.length; ) {
      const line = lineAt(text, at);
      at = line.next;
      if ((dash === "-" ? line.text.replace(/^\t+/, "") : line.text) !== name) continue;
      heredocs.push({ name, text: text.slice(start, line.start), start, end: line.end });
      next = at;
      break;
    }
  }
  return { heredocs, next };
}
