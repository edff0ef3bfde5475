// The command table, continued: what changes a cache.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";
import { contractNames } from "../contract/contract.ts";
import { UserError } from "../error.ts";
import { withCommonOptions } from "./common-options.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

export function addInit(command: Command, finish: Finish, context: Context): void {
  contracted(common(command))
    .argument("[command...]", "after --: what to become when the cache is ready, as its owner")
    .summary("make or adopt a cache under a contract; also an entrypoint")
    .description(
      "Makes the cache directory, or adopts an existing one: owner, group, modes and ACLs are changed where they depart from the contract, and nowhere else. A second run changes nothing.",
    )
    .option("--strict-mode", "look at every entry, and refuse to start if the group cannot write what it should")
    .option("--deep", "look at every entry even if owner and group of the cache match")
    .addOption(
      new Option("--persist <way>", "make go use it from now on").choices([
        ...["go-env", "shell", "github", "direnv", "none"],
      ]),
    )
    .option("--partition <name>", "caches of their own, closed to others, for the projects of one trust domain")
    .option("--partition-dir <dir>", "where partitions are, instead of ~/.cache/gomodcache")
    .option("--for <dir>", "with --partition and --persist direnv: the project that is to use it")
    .addHelpText(
      "after",
      `
Examples:
  gomodcache-init --cache-dir /go/pkg/mod --umask 022
  gomodcache-init --cache-dir /srv/gomod --contract group --group devs
  sudo gomodcache init --cache-dir ~/go/pkg/mod --deep   after a sudo go build
  ENTRYPOINT ["gomodcache-init", "--owner", "1000:1000", "--"]
  gomodcache init --partition private --persist direnv   this project's modules apart

Who: --owner, else who called sudo, else who runs it. Exit status 4: the rest
needs an administrator, and the command is named.`,
    )
    .action(async (words: string[], options) => {
      if (options.partition !== undefined) {
        const { initPartition } = await import("./init-partition.ts");
        finish(await initPartition(words, options, context));
        return;
      }
      if (options.for !== undefined || options.partitionDir !== undefined)
        throw new UserError("--for and --partition-dir say nothing without --partition", "add --partition NAME");
      const { init } = await import("./init.ts");
      finish(await init(words, options, context));
    });
}

export function addFix(command: Command, finish: Finish, context: Context): void {
  contracted(common(command))
    .summary("repair what departs from a contract, after showing it")
    .description(
      "Shows what departs from the contract, asks, changes that and nothing else, and looks again. The contract is the one the cache has, unless you name one.",
    )
    .option("--yes", "do not ask")
    .option(
      "--only <rule>",
      "only what this rule of doctor finds; may be repeated",
      (value, all: string[]) => [...all, value],
      [],
    )
    .option("--verify", "read and compare all contents too, and remove what is broken")
    .option("--unsafe", "also remove what go may not be able to fetch again")
    .option("--plan-out <file>", "write the plan to a file, and change nothing")
    .option("--plan <file>", "carry out a plan, if it is still what is needed")
    .option("--wsl-conf", "only /etc/wsl.conf: have WSL keep modes on the Windows drives")
    .option("--print-commands", "print chown, chmod and setfacl commands instead of running anything")
    .addHelpText(
      "after",
      `
Examples:
  gomodcache fix --dry-run
  sudo gomodcache fix --yes
  gomodcache fix --only ziphash-torn --only mod-file-empty
  gomodcache fix --plan-out plan.json; sudo gomodcache fix --plan plan.json --yes
  sudo gomodcache fix --wsl-conf --dry-run
  gomodcache fix --print-commands > repair.sh`,
    )
    .action(async (options) => {
      const { fix } = await import("./fix.ts");
      finish(await fix(options, context));
    });
}

export function addUndo(command: Command, finish: Finish, context: Context): void {
  common(command)
    .argument("[id]", "the run; the last one if absent")
    .summary("take a run of init or fix back")
    .description(
      "Gives every entry the owner, group, mode and ACL it had before the run, if it still is the file that the run changed.",
    )
    .option("--list", "list the runs")
    .option("--state-dir <dir>", "where the journals are")
    .option("--dry-run", "say what would be done")
    .option("--trust-tree", trustTree)
    .addHelpText(
      "after",
      "\nExamples:\n  gomodcache undo --list\n  gomodcache undo\n  gomodcache undo 20261123-101500-3fa9 --dry-run",
    )
    .action(async (id: string | undefined, options) => {
      const { undo } = await import("./undo.ts");
      finish(await undo(id, options, context));
    });
}

/** What it is for where links are not protected, and where there is no /proc. */
const trustTree = "as root, change even what this kernel lets others link to or exchange meanwhile";

function common(command: Command): Command {
  return withCommonOptions(command.exitOverride()).option("--no-progress", "do not show progress on standard error");
}

function contracted(command: Command): Command {
  return command
    .option("--cache-dir <dir>", "the module cache, instead of what go env GOMODCACHE says")
    .option("--owner <who>", "whose it is to be: NAME, UID or UID:GID")
    .addOption(new Option("--contract <name>", "who may use it").choices([...contractNames]))
    .option("--group <group>", "the group that shares it, a name or a number; implies --contract group")
    .option("--umask <octal>", "which rights to leave out: 002 is a group's, 022 one user's, 077 closes it")
    .option("--from <uids>", "also take over what these users own", parseUids)
    .option("--adopt <dir>", "the directory once more, if it does not look like a module cache")
    .option("--modcacherw", "leave extracted directories writable, as GOFLAGS=-modcacherw does")
    .option("--allow-hardlinks", "change files with several names, if all are in the cache")
    .option("--trust-tree", trustTree)
    .option("--every-acl", "read the ACL of every entry; else, of those that could have one")
    .option("--dry-run", "say what would be done")
    .option("--state-dir <dir>", "where to keep the journal for undo")
    .option("--no-undo", "keep no journal: the run cannot be taken back");
}

function parseUids(value: string): number[] {
  return value.split(",").map((text) => {
    const uid = Number(text);
    if (!/^\d+$/.test(text) || uid >= 4294967295) throw new InvalidArgumentError("give UIDs, such as 1001,1002");
    return uid;
  });
}
