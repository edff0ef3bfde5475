// The command table, continued: what is refused to a command.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";
import { withCommonOptions } from "./common-options.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

export function addTrace(command: Command, finish: Finish, context: Context): void {
  withCommonOptions(
    command
      .exitOverride()
      .argument("[command...]", "after --: the command to run and watch")
      .summary("every denied access of a command to the cache, explained")
      .description(
        "Runs a command under strace or bpftrace and explains each file system call that was refused: who, what, which directory on the way decided, and the smallest fix. The command's streams, signals and exit status are its own.",
      )
      .option("--as <who>", "run the command as this user (as root): NAME, UID, UID:GID or UID:GID,GID… (+umask=002)")
      .addOption(new Option("--backend <name>", "the tracer").choices(["auto", "strace", "bpftrace"]).default("auto"))
      .option("--errno <names>", "also these errors, such as ENOSPC,ENOLCK", parseErrnos, [])
      .option("--all-paths", "also what go does not use")
      .option("--pid <pid>", "watch a process that runs already, and what it starts", parsePid)
      .option("--cgroup <dir>", "watch a control group (cgroup2), such as that of a container")
      .option("--for <seconds>", "with --pid or --cgroup: how long; else until Ctrl-C", parseSeconds)
      .option("--strace-file <file>", "read what strace wrote before, instead of running anything")
      .option("--mount-tracefs", "mount tracefs for bpftrace if it is not mounted")
      .option("-o, --output <file>", "write the report to a file, as JSON with --json; the terminal gets none")
      .option("--cache-dir <dir>", "the module cache, instead of what go env GOMODCACHE says"),
    "report as JSON, on standard error",
  )
    .addHelpText(
      "after",
      `
Examples:
  gomodcache trace -- go build ./...
  sudo gomodcache trace --as 2001 -- go mod download
  sudo gomodcache trace --pid 4711 --for 30
  strace -f -y -o go.trace go build; gomodcache trace --strace-file go.trace

Exit status: that of the command. Without one: 0 nothing was denied, 1 something
was. 4: nothing can trace here, and it says what is missing.`,
    )
    .action(async (words: string[], options) => {
      const { trace } = await import("./trace.ts");
      finish(await trace(words, options, context));
    });
}

function parseErrnos(value: string): string[] {
  const names = value.split(",").map((name) => name.trim().toUpperCase());
  if (!names.every((name) => /^E[A-Z0-9]+$/.test(name)))
    throw new InvalidArgumentError("give names of errors, such as ENOSPC,ENOLCK");
  return names;
}

function parsePid(value: string): number {
  const pid = Number(value);
  if (!/^\d{1,9}$/.test(value) || pid < 1) throw new InvalidArgumentError("give a process number");
  return pid;
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (!/^\d+(\.\d+)?$/.test(value) || seconds <= 0 || seconds > 86_400 * 7)
    throw new InvalidArgumentError("give seconds, such as 30");
  return seconds;
}
