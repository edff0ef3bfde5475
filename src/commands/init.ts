// `init`, also installed as gomodcache-init: makes a module cache, or adopts one, under a contract; then, if asked, becomes a command.
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { chooseContract } from "../fix/choose.ts";
import { countRepairs, type Plan } from "../fix/plan.ts";
import { openCache, planRepair } from "../fix/repair.ts";
import { withoutGroupWrite } from "../fix/summary.ts";
import { UserDatabase } from "../host/users.ts";
import { become } from "../init/become.ts";
import { choosePersist } from "../init/choose.ts";
import type { PersistRequest } from "../init/owner.ts";
import { type PersistWay, persist } from "../init/persist.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { startProgress } from "../ui/progress.ts";
import { tellResult } from "./repair-result.ts";
import {
  aclSupport,
  cachePath,
  carryOut,
  openState,
  type RepairOptions,
  readOwnerFacts,
  statusOf,
} from "./repairing.ts";

export interface InitOptions extends RepairOptions {
  readonly strictMode?: boolean;
  readonly deep?: boolean;
  readonly persist?: PersistWay | "direnv";
  readonly partition?: string;
  /** The directory of all partitions. */
  readonly partitionDir?: string;
  /** With a partition: the project that is to use it. */
  readonly for?: string;
  /** True if the caller keeps the setting. */
  readonly kept?: boolean;
}

/** How often a cache that changes meanwhile is looked at again. */
const mostRounds = 3;

export async function init(
  command: readonly string[],
  options: InitOptions,
  context: Context,
): Promise<ExitStatus | number> {
  if (options.persist === "direnv" && options.kept !== true)
    throw new UserError("--persist direnv is for a partition", "add --partition NAME, or choose --persist shell");
  const facts = readOwnerFacts(options, context);
  const path = cachePath(facts);
  const users = new UserDatabase();
  const acls = aclSupport(facts);
  const owner = facts.subject.subject;
  const contract = chooseContract(options, { facts, users, owner, acls: acls === true });
  const isNew = facts.cache.state === "missing";
  if (isNew && options.dryRun === true) {
    context.stdout.write(`${path} would be made, for user ${owner.uid}\n`);
    return exitStatus.ok;
  }
  const root = openCache(path, {
    facts,
    contract,
    homes: users.homes(),
    ...(options.adopt === undefined ? {} : { adopt: options.adopt }),
  });
  const look = (): Promise<Plan> => survey(root, contract, facts, options, context);
  const plan = await look();
  refuseStrictly(plan, options);
  if (options.dryRun === true) return tellResult({ plan, facts, acls, isNew }, options, context);
  const state = countRepairs(plan) === 0 ? undefined : openState(options, context, root.path);
  const run = {
    command: "init",
    quiet: options.quiet === true,
    progress: options.progress,
    trustTree: options.trustTree,
  };
  let applied = await carryOut(root, plan, state, run, context);
  // What was changed by somebody else in between is looked at again.
  for (let round = 1; applied.skipped > 0 && round < mostRounds; round += 1) {
    const again = await look();
    const more = await carryOut(root, again, state, run, context);
    applied = {
      ...more,
      ...(applied.id === undefined ? {} : { id: applied.id }),
      changed: applied.changed + more.changed,
    };
  }
  const status = statusOf(plan, applied);
  const isEntrypoint = command.length > 0;
  // The output of an entrypoint is its command's: only what went wrong is told.
  if (!isEntrypoint || status !== exitStatus.ok || plan.closed.length > 0)
    await tellResult(
      { plan, facts, acls, isNew, applied, status },
      options,
      isEntrypoint ? { ...context, stdout: context.stderr } : context,
    );
  if (options.kept === true) return status;
  await keepSetting(root.path, facts, contract.umask, contract.name === "group", options, context, isEntrypoint);
  if (!isEntrypoint) return status;
  if (status !== exitStatus.ok) return status;
  return become({ command, owner: facts.subject, umask: contract.umask, directory: root.path }, context);
}

async function survey(
  root: Parameters<typeof planRepair>[0],
  contract: Parameters<typeof planRepair>[1],
  facts: Facts,
  options: InitOptions,
  context: Context,
): Promise<Plan> {
  const progress = startProgress({
    stream: context.stderr,
    env: context.env,
    off: options.quiet === true || !options.progress,
    verb: "looking at",
  });
  try {
    return await planRepair(root, contract, facts, {
      deep: options.deep === true || options.strictMode === true,
      readAcls: true,
      everyAcl: options.everyAcl === true,
      hardLinks: options.allowHardlinks === true,
      contents: false,
      trustTree: options.trustTree === true,
      ...(options.from === undefined ? {} : { from: options.from }),
      onProgress: (entries, at) => progress.update(entries, at),
    });
  } finally {
    progress.stop();
  }
}

/** @throws {UserError} if entries that the group should be able to write are closed to it */
function refuseStrictly(plan: Plan, options: InitOptions): void {
  if (options.strictMode !== true || (plan.contract.umask & 0o020) !== 0) return;
  const closed = [...withoutGroupWrite(plan), ...withoutGroupWrite({ directories: plan.beyond })].sort();
  if (closed.length === 0) return;
  const shown = closed.slice(0, 10).map((name) => `  ${plan.root}/${name}`);
  const more = closed.length > shown.length ? `\n  and ${closed.length - shown.length} more` : "";
  throw new UserError(
    `--strict-mode: the group cannot write ${closed.length} entries that the umask lets it write; nothing was changed:\n${shown.join("\n")}${more}`,
    `gomodcache fix --cache-dir ${shellQuote(plan.root)} --contract group repairs them; so does init without --strict-mode --deep`,
    exitStatus.findings,
  );
}

async function keepSetting(
  directory: string,
  facts: Facts,
  umask: number,
  shared: boolean,
  options: InitOptions,
  context: Context,
  isEntrypoint: boolean,
): Promise<void> {
  const used = facts.cache.origin === "--cache-dir" ? facts.go.env["GOMODCACHE"] : directory;
  const request: PersistRequest = {
    directory,
    owner: facts.subject,
    umask,
    shared,
    command: "gomodcache init --persist shell",
    ...(used === undefined ? {} : { used }),
  };
  // An entrypoint passes GOMODCACHE on to its command.
  if (isEntrypoint && options.persist === undefined) return;
  const way = await choosePersist(options.persist as PersistWay | undefined, request, context);
  const { message } = persist(way, request, context);
  if (message !== "" && options.quiet !== true) context.stderr.write(`${message}\n`);
}
