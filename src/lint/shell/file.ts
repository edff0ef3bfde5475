// A shell script as a file.
import type { LintFile } from "../file.ts";
import type { Scripted } from "../model.ts";
import { readCommands } from "./read.ts";

export type ShellFile = Scripted;

/** What a rule could be about: without one of these words a script is not even parsed. */
const interesting = /\bgo\b|GO[A-Z]+|pkg\/mod|chmod|chown|GIT_SSL|netrc|insteadOf/;

export function readShellFile(file: LintFile): ShellFile {
  const commands = interesting.test(file.text) ? readCommands(file.text) : [];
  return { file, blocks: commands.map(({ start, end }) => ({ start, end })), commands };
}
