// `completion SHELL`, and `complete`, which the scripts ask at each Tab.
import type { Command } from "commander";
import { answerText } from "../completion/answer.ts";
import { complete } from "../completion/complete.ts";
import { bash } from "../completion/shells/bash.ts";
import { fish } from "../completion/shells/fish.ts";
import { zsh } from "../completion/shells/zsh.ts";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { writeStream } from "../ui/output.ts";
import { commandTable } from "./command-table.ts";
import { knownWords } from "./known-words.ts";

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish };

/** @throws {UserError} for a shell that there is no script for */
export async function completion(shell: string, context: Context): Promise<ExitStatus> {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined) {
    throw new UserError(`there is no completion for "${shell}"`, `there is for ${Object.keys(scripts).join(", ")}`);
  }
  await writeStream(context.stdout, script);
  return exitStatus.ok;
}

/** @param words those after the program's name, up to the cursor */
export async function completeWords(words: readonly string[], program: Command, context: Context): Promise<ExitStatus> {
  await writeStream(context.stdout, answerText(complete(commandTable(program, knownWords(program)), words)));
  return exitStatus.ok;
}
