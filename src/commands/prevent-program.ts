// The command table, continued: what keeps failures from coming back.
import { type Command, Option } from "commander";
import type { Context } from "../context.ts";
import { severities } from "../finding/finding.ts";
import { formatNames } from "../report/formats.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

const collect = (value: string, all: string[]): string[] => [...all, value];

export function addLint(command: Command, finish: Finish, context: Context): void {
  command
    .exitOverride()
    .argument("[file...]", "the files to look at; what git tracks if absent")
    .summary("what Dockerfiles, scripts and the like will do to the cache")
    .description(
      "Looks at the files of a repository for what will make go commands fail on permissions, weaken go's checks or break its caches. It only reads, unless you say --fix.",
    )
    .option("--fix", "correct in place what can be corrected safely")
    .option("--unsafe", "with --fix: also what changes more than the finding")
    .option("--dry-run", "with --fix: print a unified diff, and change nothing")
    .option("--only <rule>", "only this rule; may be repeated", collect, [])
    .option("-C <dir>", "run in this directory")
    .addOption(new Option("-f, --format <format>", "how to print it").choices([...formatNames]).default("text"))
    .option("-o, --output <[format:]file>", "write the report to a file; may be repeated", collect, [])
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 from this severity on").choices([...severities, "never"]),
    )
    .option("--exit-zero", "exit with 0 whatever was found")
    .option("--json", "print JSON (the same as --format json)")
    .option("-q, --quiet", "print less")
    .option("-v, --verbose", "print more")
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--no-color", "no colour")
    .addHelpText(
      "after",
      `
Examples:
  gomodcache lint
  gomodcache lint Dockerfile build/Dockerfile.dev
  gomodcache lint --fix --dry-run
  gomodcache lint --format github --fail-on warning

To keep a finding from being told, write above the line or at its end:
  # gomodcache ignore=RULE why it does not hold here`,
    )
    .action(async (names: string[], options) => {
      const { lint } = await import("./lint.ts");
      finish(await lint(names, options, context));
    });
}
