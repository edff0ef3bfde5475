// The command line as values: what there is to complete, and what a manual page tells about.

export interface Choice {
  readonly word: string;
  /** One line, or empty. */
  readonly description: string;
}

/** What a shell knows better than we do. "command" is a command with its own arguments, to the end of the line. */
export type Native = "files" | "directories" | "users" | "groups" | "command";

/** What can stand for an argument, or for an option's value. */
export interface Value {
  /** As help shows it, without brackets: dir, module... */
  readonly name: string;
  readonly choices: readonly Choice[];
  readonly native?: Native | undefined;
}

export interface OptionRow {
  /** With their dashes: -f, --format. */
  readonly names: readonly string[];
  readonly description: string;
  readonly value?: Value | undefined;
  /** False if the value may be left out; one that is there is given as --name=value then, or as the next word. */
  readonly needsValue: boolean;
  readonly mayBeRepeated: boolean;
}

export interface ArgumentRow extends Value {
  readonly description: string;
  readonly isVariadic: boolean;
}

export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionRow[];
  readonly arguments: readonly ArgumentRow[];
}

export interface CommandTable {
  readonly commands: readonly CommandRow[];
  /** Those that stand before any command. */
  readonly options: readonly OptionRow[];
  /** The command that is meant if there is none. */
  readonly fallback: string;
}
