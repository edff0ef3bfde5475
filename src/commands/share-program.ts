// The command table, continued: where modules come from.
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { withCommonOptions } from "./common-options.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

export function addRoute(command: Command, finish: Finish, context: Context): void {
  withCommonOptions(
    command
      .exitOverride()
      .argument("[module...]", "module paths; without any, those of the project in this directory")
      .summary("where go fetches a module from, in which order, and what checks it")
      .description(
        "Reads go's settings (GOPROXY, GOPRIVATE, GONOPROXY, GONOSUMDB, GOSUMDB, GOVCS, GOINSECURE, GOAUTH, netrc) as go does and tells, for each module that is not in the cache yet, who is asked in which order, with which credentials, and what checks the answer. It asks nobody.",
      )
      .option("--for <dir>", "the modules of the project in this directory")
      .option("--as <who>", "for this user: NAME, UID, UID:GID or UID:GID,GID…")
      .option("--private <patterns>", "modules that nobody outside may hear of, as in GOPRIVATE")
      .option("--plan", "print the settings that keep what --private names inside, and change nothing")
      .option("--proxy <url>", "with --plan: a proxy inside that has the private modules too"),
  )
    .addHelpText(
      "after",
      `
Examples:
  gomodcache route                              for each module of this project
  gomodcache route git.example.com/team/lib     for one
  gomodcache route --private 'git.example.com'  is one of these told to strangers?
  gomodcache route --plan --private 'git.example.com/*'
  gomodcache route --plan --private 'git.example.com' | sh

Exit status: 0 told; 1 go would stop at a setting; 2 usage.`,
    )
    .action(async (names: string[], options) => {
      const { route } = await import("./route.ts");
      finish(await route(names, options, context));
    });
}
