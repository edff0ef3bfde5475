// A shell script that is a scalar of YAML: its commands with their places in the file.
import type { Span } from "../file.ts";
import type { ShellCommand } from "../shell/command.ts";
import { hideExpressions } from "../shell/expression.ts";
import { readCommands } from "../shell/read.ts";
import type { Field } from "./field.ts";

export interface Script {
  readonly field: Field;
  /** True if what the shell reads stands in the file letter by letter, so that it can be edited there. */
  readonly exact: boolean;
}

export interface Reading {
  /** What is replaced before the shell reads the script, such as `${{ … }}`: values that are not known. */
  readonly expressions?: RegExp;
  /** What else becomes of the text, such as `$$` -> `$`; places are then those of the whole. */
  readonly becomes?: (value: string) => string;
}

/** The commands of the script that a field is; undefined if it is no text. */
export function readScript(
  field: Field | undefined,
  text: string,
  { expressions, becomes = (value) => value }: Reading = {},
): { commands: ShellCommand[]; script: Script } | undefined {
  const value = field?.text();
  if (field === undefined || value === undefined) return undefined;
  const source = becomes(value);
  const { place, exact } = source === value ? placing(field, value, text) : inside(field, text);
  const hidden = hideExpressions(source, expressions);
  return {
    commands: readCommands(hidden.text).map((one) => placed(hidden.shown(one), place)),
    script: { field, exact: exact && hidden.text === source },
  };
}

function inside({ start, end }: Field, text: string): { place: Place; exact: boolean } {
  const whole = { start, end: start + text.slice(start, end).trimEnd().length };
  return { place: () => whole, exact: false };
}

type Place = (part: Span) => Span;

/** From places in the value of a scalar to places in the file; the whole scalar if it is folded or has escapes. */
function placing(field: Field, value: string, text: string): { place: Place; exact: boolean } {
  const { start, end, style } = field;
  const quotes = style === "QUOTE_DOUBLE" || style === "QUOTE_SINGLE" ? 1 : 0;
  if (text.slice(start + quotes, end - quotes) === value)
    return { place: moved((at) => start + quotes + at), exact: field.own };
  if (style !== "BLOCK_LITERAL" || !field.own) return inside(field, text);
  const starts: number[] = [];
  let line = text.indexOf("\n", start) + 1;
  const indent = /^(?:[ \t]*\r?\n)*( *)/.exec(text.slice(line, end))?.[1]?.length ?? 0;
  for (const one of value.split("\n")) {
    const here = line + indent;
    if (one !== "" && !text.startsWith(one, here)) return inside(field, text);
    starts.push(Math.min(here, end));
    const next = text.indexOf("\n", line);
    line = next < 0 ? text.length : next + 1;
  }
  const lengths = value.split("\n").map(({ length }) => length);
  const offset = (at: number): number => {
    let rest = at;
    let index = 0;
    while (index < lengths.length - 1 && rest > (lengths[index] as number)) {
      rest -= (lengths[index] as number) + 1;
      index += 1;
    }
    return (starts[index] as number) + rest;
  };
  return { place: moved(offset), exact: true };
}

const moved =
  (offset: (at: number) => number): Place =>
  ({ start, end }) => ({ start: offset(start), end: offset(end) });

function placed(command: ShellCommand, place: Place): ShellCommand {
  const move = <T extends Span>(part: T): T => ({ ...part, ...place(part) });
  const { words, assignments, writes, as } = command;
  return {
    ...move(command),
    words: words.map(move),
    assignments: assignments.map(move),
    writes: writes.map(move),
    ...(as === undefined ? {} : { as: { ...as, at: move(as.at) } }),
  };
}
