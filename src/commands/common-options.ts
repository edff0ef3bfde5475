// Options that commands have in common.
import { type Command, Option } from "commander";

/** Whether the answer is coloured. */
export function withColour(command: Command): Command {
  return command
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--no-color", "no colour");
}

/** Where it runs, and how it is drawn. @param json what --json does */
export function withCommonOptions(command: Command, json = "print JSON"): Command {
  return withColour(
    command
      .option("-C <dir>", "run in this directory")
      .option("--json", json)
      .option("-q, --quiet", "print less")
      .option("-v, --verbose", "print more"),
  );
}
