// A shell command with what surrounds its program taken off: sudo, env, exec, time, sh -c and the like.
import type { Span } from "../file.ts";

export interface ShellWord extends Span {
  /** Without quotes; expansions stay as they are written, `$HOME` or `$(go env GOMODCACHE)`. */
  readonly value: string;
}

export interface Assignment extends Span {
  readonly name: string;
  readonly value: string;
}

export interface ShellCommand extends Span {
  /** The program and its arguments. Empty if the command only sets variables. */
  readonly words: readonly ShellWord[];
  /** Variables for this command alone; of the shell, if `words` is empty or begins with export. */
  readonly assignments: readonly Assignment[];
  /** What its output is redirected to. */
  readonly writes: readonly ShellWord[];
  /** Set if something runs it as another user. */
  readonly as?: {
    readonly by: string;
    /** The name or number; `root` for sudo and su without one. */
    readonly user: string;
    /** The words that do it. */
    readonly at: Span;
  };
}

/** The last component of the program's path; empty if it is not written out. */
export function programOf({ words }: ShellCommand): string {
  const name = words[0]?.value ?? "";
  return name.includes("$") ? "" : name.slice(name.lastIndexOf("/") + 1);
}

/** The arguments that are no options, and the options, until `--`. */
export function argumentsOf({ words }: ShellCommand): { operands: ShellWord[]; options: ShellWord[] } {
  const operands: ShellWord[] = [];
  const options: ShellWord[] = [];
  let ended = false;
  for (const word of words.slice(1)) {
    if (!ended && word.value === "--") ended = true;
    else if (!ended && word.value.startsWith("-") && word.value !== "-") options.push(word);
    else operands.push(word);
  }
  return { operands, options };
}

/** True if a short option is given, also within a cluster (`-fR`), or its long form. */
export function hasOption(options: readonly ShellWord[], letter: string, long: string): boolean {
  return options.some(({ value }) => value === `--${long}` || (/^-[A-Za-z]+$/.test(value) && value.includes(letter)));
}
