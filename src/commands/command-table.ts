// commander's commands as the values that completion and the manual pages are made of.
import type { Argument, Command, Option } from "commander";
import type { ArgumentRow, Choice, CommandRow, CommandTable, Native, OptionRow, Value } from "../completion/table.ts";

/** Words for arguments and option values that commander does not know the choices of: "can operation", "lint --only". */
export type KnownWords = Readonly<Record<string, readonly Choice[]>>;

/** What placeholders of options and arguments stand for, where the shell can complete it. */
const natives: Readonly<Record<string, Native>> = {
  dir: "directories",
  file: "files",
  "[format:]file": "files",
  path: "files",
  who: "users",
  group: "groups",
  command: "command",
};

export function commandTable(program: Command, known: KnownWords = {}): CommandTable {
  return {
    commands: visible(program).map((command) => commandRow(command, known)),
    options: optionRows(program, known),
    fallback: "doctor",
  };
}

/** Commands and options that help shows, with help's own --help and --version. */
export function visible(program: Command): Command[] {
  return program.createHelp().visibleCommands(program);
}

function commandRow(command: Command, known: KnownWords): CommandRow {
  return {
    name: command.name(),
    summary: command.summary() || command.description(),
    options: optionRows(command, known),
    arguments: command.registeredArguments.map((argument) => argumentRow(argument, command, known)),
  };
}

function argumentRow(argument: Argument, command: Command, known: KnownWords): ArgumentRow {
  const name = argument.name();
  return {
    ...value(name, argument.argChoices, known[`${command.name()} ${name}`]),
    description: argument.description,
    isVariadic: argument.variadic,
  };
}

function optionRows(command: Command, known: KnownWords): OptionRow[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      names: [option.short, option.long].filter((name) => name !== undefined),
      description: option.description,
      value: optionValue(option, known[`${command.name()} ${option.long ?? option.short}`]),
      needsValue: option.required,
      mayBeRepeated: Array.isArray(option.defaultValue),
    }));
}

function optionValue(option: Option, words: readonly Choice[] | undefined): Value | undefined {
  const placeholder = /[<[](.*)[>\]]/.exec(option.flags)?.[1];
  return placeholder === undefined ? undefined : value(placeholder, option.argChoices, words);
}

function value(name: string, choices: readonly string[] | undefined, words: readonly Choice[] | undefined): Value {
  return {
    name,
    choices: words ?? choices?.map((word) => ({ word, description: "" })) ?? [],
    native: choices === undefined && words === undefined ? natives[name] : undefined,
  };
}
