// The command table, continued: experiments.
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { withColour } from "./common-options.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

export function addLab(command: Command, finish: Finish, context: Context): void {
  withColour(
    command
      .exitOverride()
      .argument("[name]", "the experiment: see below; without it, the list")
      .summary("experiments that show how permissions and go's cache behave here")
      .description(
        "Performs an experiment with real go commands, users and containers in a temporary directory of its own, and prints what it did, what happened and what follows. It uses no network.",
      )
      .option("--list", "the experiments, and what each lacks on this machine")
      .option("--keep", "leave the temporary directory there")
      .option("--markdown", "print it as a page of docs/lab")
      .option("--start-daemon", "docker-user-switch: start a Docker daemon of its own, for Docker's two builders"),
  )
    .addHelpText(
      "after",
      `
Experiments:
  umask               what modes go leaves under which umask, and setgid's decay
  cross-uid           who is refused what in a cache of two users
  capabilities        root that lacks them, owners that need none
  docker-user-switch  which build steps hit the cache after USER
  kubernetes-job      the generated Job, with and without its first step

Examples:
  gomodcache lab --list
  gomodcache lab umask
  sudo gomodcache lab cross-uid
  sudo gomodcache lab docker-user-switch --start-daemon

Exit status: 0 what happened is what docs/lab says, 1 it is not, 3 this machine
lacks something that is needed.`,
    )
    .action(async (name: string | undefined, options) => {
      const { lab } = await import("./lab.ts");
      finish(await lab(name, options, context));
    });
}
