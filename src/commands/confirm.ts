// Asks before something is changed.
import { createInterface } from "node:readline/promises";
import type { Context } from "../context.ts";
import { exitStatus, UserError } from "../error.ts";

/**
 * Returns only if the user says yes.
 * @param show tells what it is about, if there is somebody to read it
 * @throws {UserError} if there is no terminal, or for any other answer
 */
export async function confirm(question: string, context: Context, show: () => Promise<unknown>): Promise<void> {
  if (process.stdin.isTTY !== true || context.stderr.isTTY !== true)
    throw new UserError(
      "there is no terminal to ask at",
      "add --yes to change it, or --dry-run to see what would be changed",
    );
  await show();
  const asker = createInterface({ input: process.stdin, output: context.stderr });
  try {
    const answer = await asker.question(`\n${question} [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    asker.close();
  }
  throw new UserError("nothing was changed", "answer y, or add --yes", exitStatus.findings);
}
