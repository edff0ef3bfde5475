// What every model has, whatever its kind.
import type { LintFile, Span } from "./file.ts";
import type { Assignment, ShellCommand } from "./shell/command.ts";

export interface Model {
  readonly file: LintFile;
  /** Parts that an ignore above them covers whole, such as an instruction of several lines. */
  readonly blocks: readonly Span[];
}

/** A model of a file that holds shell commands, wherever they stand in it. */
export interface Scripted extends Model {
  readonly commands: readonly ShellCommand[];
  /** What the file sets by means of its own, such as `env` of a container. */
  readonly variables?: readonly Assignment[];
}

/** Why a file could not be read as what it is; it is told as a skip. */
export class Unreadable {
  constructor(readonly reason: string) {}
}
