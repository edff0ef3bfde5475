// What a user sees when a command cannot do its work: one message with what to do, or, for a bug of ours, where to report it.
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { errorJson } from "../report/json.ts";
import { printable } from "../report/safe.ts";

/** Prints an error to standard error (as JSON on standard output under --json). @returns the exit status */
export function tellError(error: unknown, argv: readonly string[], context: Context): ExitStatus {
  const known = error instanceof UserError;
  const message = known ? error.message : `internal error: ${error instanceof Error ? error.message : String(error)}`;
  const hint = known
    ? error.hint
    : "this is a bug of gomodcache: please report it with the command line and, if you can, GOMODCACHE_DEBUG=1";
  if (argv.includes("--json") || argv.includes("json") || argv.includes("json-v1")) {
    const command = argv.find((word) => !word.startsWith("-")) ?? "doctor";
    context.stdout.write(errorJson(command, { message, hint }, { version: context.version }));
  } else {
    context.stderr.write(`gomodcache: ${printable(message)}\n  ${printable(hint)}\n`);
  }
  if (!known && context.env["GOMODCACHE_DEBUG"] && error instanceof Error) context.stderr.write(`${error.stack}\n`);
  return known ? error.status : exitStatus.internal;
}
