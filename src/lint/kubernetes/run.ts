// The commands of a container: `command` and `args`, and the script within `sh -c`, with their places in the file.
import type { Span } from "../file.ts";
import type { ShellCommand, ShellWord } from "../shell/command.ts";
import { unwrap } from "../shell/unwrap.ts";
import type { Field } from "../yaml/field.ts";
import { type Reading, readScript, type Script } from "../yaml/script.ts";

export interface Run {
  readonly commands: readonly ShellCommand[];
  /** What `sh -c` is given. */
  readonly script?: Script;
}

/** What a container runs, as far as its manifest tells; no commands if the image decides. */
export function readRun(command: Field | undefined, args: Field | undefined, text: string, reading: Reading = {}): Run {
  const fields = [...(command?.items() ?? []), ...(args?.items() ?? [])];
  const words: ShellWord[] = fields.map((field) => ({ value: field.text() ?? "$unknown", ...spanOf(field) }));
  const [first] = words;
  if (first === undefined) return { commands: [] };
  const isShell = /(^|\/)(ba|da|k|a)?sh$/.test(first.value);
  const flag = isShell ? words.findIndex(({ value }) => /^-[a-z]*c$/.test(value)) : -1;
  const script = flag < 0 ? undefined : readScript(fields[flag + 1], text, reading);
  if (script !== undefined) return script;
  const last = words.at(-1) as ShellWord;
  return { commands: [unwrap({ words, assignments: [], writes: [], start: first.start, end: last.end })] };
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });
