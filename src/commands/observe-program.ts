// The command table, continued: what observes go commands and their logs.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

export function addRun(command: Command, finish: Finish, context: Context): void {
  command
    .exitOverride()
    .argument("[command...]", "after --: the command, such as go build ./...")
    .summary("run a go command unchanged, and name the cause if it fails")
    .description(
      "Runs a command with its arguments, streams, signals and exit status unchanged. Notes what it fetches and reads of modules as events; if it fails, says why, and looks at this machine for the proof.",
    )
    .option("--events <file>", "append events to this file (else GOMODCACHE_EVENTS, else the state directory's)")
    .option("--no-events", "keep no events")
    .option("--no-relay", "do not stand between go and its proxies: take what go prints")
    .option("--retry <n>", "run again so often, if that can help", parseCount, 0)
    .option("-v, --verbose", "say what could not be observed, and why")
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--no-color", "no colour")
    .addHelpText("after", runHelp)
    .action(async (words: string[], options) => {
      const { run } = await import("./run.ts");
      finish(await run(words, options, context));
    });
}

const runHelp = `
Examples:
  gomodcache run -- go build ./...
  gomodcache run --retry 3 -- go mod download
  gomodcache run --events events.jsonl -- go test ./...`;

function parseCount(value: string): number {
  if (!/^\d{1,2}$/.test(value)) throw new InvalidArgumentError("give a number from 0 to 99");
  return Number(value);
}
