// Expressions of a CI system in a script: replaced before a shell sees them, by values that nobody knows here.
import type { ShellCommand } from "./command.ts";

export interface Hidden {
  /** As long as the text, with an unknown variable in place of each expression. */
  readonly text: string;
  /** A command with the expressions as they are written. */
  shown(command: ShellCommand): ShellCommand;
}

/** Puts `${_0___}` where an expression is, so that offsets stay and the shell's grammar does too. */
export function hideExpressions(text: string, expressions: RegExp | undefined): Hidden {
  const written: string[] = [];
  const hidden =
    expressions === undefined
      ? text
      : text.replace(expressions, (all) => {
          const name = `_${written.length}_`;
          if (all.length < name.length + 3) return "$".padEnd(all.length, "_");
          written.push(all);
          return `\${${name.padEnd(all.length - 3, "_")}}`;
        });
  const show = (value: string): string =>
    value.replace(/\$\{_(\d+)__*\}/g, (all, index: string) => written[Number(index)] ?? all);
  const word = <T extends { value: string }>(one: T): T => ({ ...one, value: show(one.value) });
  return {
    text: hidden,
    shown: (command) =>
      written.length === 0
        ? command
        : {
            ...command,
            words: command.words.map(word),
            assignments: command.assignments.map(word),
            writes: command.writes.map(word),
          },
  };
}
