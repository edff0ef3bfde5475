// The command table, continued: what looks at a go command that failed.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

export function addClassify(command: Command, finish: Finish, context: Context): void {
  command
    .exitOverride()
    .argument("[file]", "the log; - or none for standard input")
    .summary("the root cause of a go command's failure, from its log")
    .description(
      "Reads what a go command or a CI job has printed, and names the root cause, the line that shows it, what to do, and whether to try again, to fix the environment or to fix the repository.",
    )
    .option("-C <dir>", "run in this directory")
    .option("--json", "print JSON (the same as --format json)")
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json", "github"]).default("text"),
    )
    .option(
      "--exit-code <number>",
      "the exit status of the command, if it is known: with 0 there is no failure",
      parseCount,
    )
    .option("--top <number>", "how many causes to show", parseCount)
    .option("-q, --quiet", "only the first line")
    .option("-v, --verbose", "all causes")
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--no-color", "no colour")
    .addHelpText(
      "after",
      `
Examples:
  gomodcache classify build.log
  go build ./... 2>&1 | gomodcache classify
  gh run view --log-failed | gomodcache classify --json

Exit status: 0 no failure of go's environment, 1 there is one, 2 usage.`,
    )
    .action(async (file: string | undefined, options) => {
      const { classify } = await import("./classify.ts");
      finish(await classify(file, options, { ...context, stdin: process.stdin }));
    });
}

function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("give a whole number");
  return Number(value);
}
