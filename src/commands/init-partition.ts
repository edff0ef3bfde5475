// `init --partition NAME`: caches of their own for the modules of one trust domain, and a project that uses them.
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { chooseContract } from "../fix/choose.ts";
import { show } from "../host/bytes.ts";
import { UserDatabase } from "../host/users.ts";
import { homeOf, nameOf } from "../init/owner.ts";
import { makePartition, type Partition, partitionOf } from "../init/partition.ts";
import { exportLines, persistInDirenv, projectAt } from "../init/persist-direnv.ts";
import { parseUmask } from "../permission/subject.ts";
import { printable } from "../report/safe.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { setting } from "../rules/shared/setting.ts";
import { type InitOptions, init } from "./init.ts";
import { aclSupport, readOwnerFacts } from "./repairing.ts";

/** @throws {UserError} before anything is changed, if the options do not go together or the partition cannot be closed */
export async function initPartition(
  command: readonly string[],
  options: InitOptions & { readonly partition: string },
  context: Context,
): Promise<ExitStatus | number> {
  checkOptions(command, options);
  const cwd = options.C === undefined ? context.cwd : resolve(context.cwd, options.C);
  const project = options.persist === "direnv" ? projectAt(resolve(cwd, options.for ?? ".")) : undefined;
  const facts = readOwnerFacts(options, context);
  const owner = facts.subject;
  const umask = options.umask ?? (options.group === undefined ? "077" : "007");
  const users = new UserDatabase();
  const contract = chooseContract(
    { ...options, umask },
    { facts, users, owner: owner.subject, acls: aclSupport(facts) === true },
  );
  const shared = contract.name === "group";
  const request = { directory: "", owner, umask: contract.umask, shared, command: "" };
  const home = homeOf(request, context);
  const base = options.partitionDir === undefined ? undefined : resolve(cwd, options.partitionDir);
  const partition = partitionOf(options.partition, home, base);
  if (options.dryRun !== true) makePartition(partition, contract);
  const status = await init([], { ...options, umask, cacheDir: partition.modules, kept: true }, context);
  const say = (line: string): void => {
    if (options.quiet !== true) context.stderr.write(`${printable(line)}\n`);
  };
  if (options.dryRun === true || (status !== exitStatus.ok && status !== exitStatus.privilege)) return status;
  if (project === undefined) say(`to use it, in each shell or job: ${exportLines(partition, home, shared)}`);
  else say(persistInDirenv({ owner, shared, command: commandLine(options), partition, project }, context).message);
  for (const line of remarks(partition, facts, project)) say(line);
  return status;
}

function checkOptions(command: readonly string[], options: InitOptions): void {
  if (command.length > 0)
    throw new UserError(
      "--partition becomes no command",
      "run it without --, then set GOMODCACHE and GOCACHE for the command",
    );
  if (options.cacheDir !== undefined)
    throw new UserError(
      "--partition has its own place for the module cache",
      "name the directory that holds the partitions with --partition-dir DIR",
    );
  if (options.adopt !== undefined)
    throw new UserError("--partition adopts nothing", "a partition begins empty; go fills it");
  if (options.persist !== undefined && options.persist !== "direnv" && options.persist !== "none")
    throw new UserError(
      `--persist ${options.persist} is for all projects of a user, and a partition is chosen by project`,
      "choose --persist direnv or none; for a user whose projects are all private: init --umask 077 --persist go-env",
    );
  if (options.contract === "group" && options.group === undefined)
    throw new UserError(
      "--contract group needs to know who is let in",
      "name the group of the trust domain with --group",
    );
  if (options.group !== undefined && options.partitionDir === undefined)
    throw new UserError(
      "--group needs a place for the partition that its members reach, which a home directory is not",
      "name it with --partition-dir, such as --partition-dir /srv/go",
    );
  if (options.umask === undefined) return;
  let umask = 0;
  try {
    umask = parseUmask(options.umask);
  } catch {
    // What is no umask is told where it is read.
    return;
  }
  if ((umask & 0o007) !== 0o007)
    throw new UserError(
      `--umask ${options.umask} lets every user in, and a partition is closed to those outside of its trust domain`,
      "leave --umask out, or give 077, or 007 with --group",
    );
}

/** The line that a reader of .envrc can run again. */
function commandLine({ partition, partitionDir, group }: InitOptions): string {
  const words = ["gomodcache", "init", "--partition", partition ?? ""];
  if (group !== undefined) words.push("--group", group);
  if (partitionDir !== undefined) words.push("--partition-dir", partitionDir);
  return [...words, "--persist", "direnv"].map(shellQuote).join(" ");
}

/** What the user should know that no file says. */
function remarks(partition: Partition, facts: Facts, project: string | undefined): string[] {
  const goprivate = setting(facts, "GOPRIVATE");
  const usual = facts.go.env["GOMODCACHE"] ?? "";
  const lines = [
    `a go command has one module cache: all modules of ${project === undefined ? "a project there" : show(project)} go to ${show(partition.modules)}, the public ones too`,
  ];
  if (goprivate === "")
    lines.push(
      `GOPRIVATE is empty for ${nameOf(facts.subject)}: go asks public proxies for private modules, partition or not: gomodcache route --plan --private 'git.example.com' | sh`,
    );
  if (usual !== "" && usual !== partition.modules)
    lines.push(
      `what ${show(usual)} has of private modules stays there: gomodcache doctor --cache-dir ${shellQuote(usual)} finds it`,
    );
  return lines;
}
