// What can stand where the cursor is. The rules are those of the parser: an option's value is the next word or follows an equals
// sign, -- ends the options, and without a command it is the fallback's command line.
import type { Choice, CommandRow, CommandTable, Native, OptionRow, Value } from "./table.ts";

export interface Completion {
  /** Words that begin with what is there already. */
  readonly words: readonly Choice[];
  /** What the shell should add of its own. */
  readonly native?: Native | undefined;
  /** With "command": how many words stand before that command, ours not counted. */
  readonly before?: number;
}

const nothing: Completion = { words: [] };

/**
 * @param words those after the program's name, up to the cursor; the last one is what is being written, and may be empty
 */
export function complete(table: CommandTable, words: readonly string[]): Completion {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const [first] = before;
  const fallback = table.commands.find(({ name }) => name === table.fallback);
  if (first === undefined) {
    if (!current.startsWith("-"))
      return {
        words: matching(
          current,
          table.commands.map(({ name, summary }) => ({ word: name, description: summary })),
        ),
      };
    const options = [...table.options, ...(fallback?.options ?? [])];
    return completeOption(options, [], current);
  }
  const command = first.startsWith("-") ? fallback : table.commands.find(({ name }) => name === first);
  if (command === undefined) return nothing;
  const skipped = first.startsWith("-") ? 0 : 1;
  return completeCommand(command, before.slice(skipped), current, skipped);
}

/** @param skipped how many words are no longer in `before` */
function completeCommand(command: CommandRow, before: readonly string[], current: string, skipped: number): Completion {
  const used: OptionRow[] = [];
  let positional = 0;
  let firstPositional = 0;
  let options = true;
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] as string;
    if (options && word === "--") {
      options = false;
      continue;
    }
    const option = options && word.length > 1 && word.startsWith("-") ? find(command.options, word) : undefined;
    if (option !== undefined) {
      used.push(option);
      if (option.value === undefined || word.includes("=")) continue;
      if (at + 1 === before.length) {
        if (option.needsValue || !current.startsWith("-")) return completeValue(option.value, current);
      } else if (option.needsValue || !(before[at + 1] as string).startsWith("-")) at += 1;
    } else if (!(options && word.length > 1 && word.startsWith("-"))) {
      if (positional === 0) firstPositional = at;
      positional += 1;
    }
  }
  const argument = command.arguments[Math.min(positional, command.arguments.length - 1)];
  const isPast = argument === undefined || (positional >= command.arguments.length && !argument.isVariadic);
  const isCommand = !isPast && argument.native === "command";
  if (isCommand && (positional > 0 || !options))
    return { words: [], native: "command", before: skipped + (positional > 0 ? firstPositional : before.length) };
  if (options && current.startsWith("-")) return completeOption(command.options, used, current);
  return isPast || isCommand ? nothing : completeValue(argument, current);
}

function completeOption(options: readonly OptionRow[], used: readonly OptionRow[], current: string): Completion {
  const equals = current.indexOf("=");
  if (equals > 0) {
    const value = find(options, current.slice(0, equals))?.value;
    if (value === undefined) return nothing;
    const { words, native } = completeValue(value, current.slice(equals + 1));
    const prefix = current.slice(0, equals + 1);
    return { words: words.map(({ word, description }) => ({ word: `${prefix}${word}`, description })), native };
  }
  const left = options.filter((option) => option.mayBeRepeated || !used.includes(option));
  const choices = left.flatMap(({ names, description }) => names.map((word) => ({ word, description })));
  return { words: matching(current, choices) };
}

function completeValue({ choices, native }: Value, current: string): Completion {
  return { words: matching(current, choices), native: native === "command" ? undefined : native };
}

/** The option that a word is about, with or without a value of its own: --format, --format=json. */
function find(options: readonly OptionRow[], word: string): OptionRow | undefined {
  const name = word.startsWith("--") ? word.replace(/=.*/s, "") : word;
  return options.find(({ names }) => names.includes(name));
}

function matching(current: string, choices: readonly Choice[]): Choice[] {
  return choices.filter(({ word }) => word.startsWith(current));
}
