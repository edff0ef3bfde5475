#!/usr/bin/env node
// argv -> command -> exit status. The only place that sets process.exitCode.
import { Command, CommanderError } from "commander";
import { addCommands } from "./commands/program.ts";
import type { Context } from "./context.ts";
import { type ExitStatus, exitStatus } from "./error.ts";
import { version } from "./version.ts";

async function main(argv: readonly string[]): Promise<number> {
  // The version needs no parser.
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${version}\n`);
    return exitStatus.ok;
  }
  const program = new Command("gomodcache");
  const state: { status: number } = { status: exitStatus.ok };
  const { env, stdout, stderr } = process;
  const context: Context = { env, cwd: process.cwd(), version, stdout, stderr };
  addCommands(program, state, context);
  try {
    await program.parseAsync(withCommand(argv), { from: "user" });
    return state.status;
  } catch (error) {
    return statusOf(error, argv, context);
  }
}

/** Without a command it is doctor, which only reads. */
function withCommand(argv: readonly string[]): string[] {
  const [first] = argv;
  const asksForHelp = first === "-h" || first === "--help" || first === "-V" || first === "--version";
  return first === undefined || (first.startsWith("-") && !asksForHelp) ? ["doctor", ...argv] : [...argv];
}

async function statusOf(error: unknown, argv: readonly string[], context: Context): Promise<ExitStatus> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
  const { tellError } = await import("./commands/errors.ts");
  return tellError(error, argv, context);
}

// A reader that has seen enough (| head) is no error; the write reports it a second time, asynchronously.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
process.on("SIGINT", () => process.exit(exitStatus.interrupted));
process.exitCode = await main(process.argv.slice(2));
