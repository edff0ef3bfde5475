// `fix`: shows what departs from the cache's contract, asks, changes that, and looks again.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Context } from "../context.ts";
import type { Contract } from "../contract/contract.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { grouped } from "../finding/number.ts";
import { chooseContract } from "../fix/choose.ts";
import { onlyRules } from "../fix/only.ts";
import { type Applied, count, countRepairs, type Plan } from "../fix/plan.ts";
import { onlyPlanned, readPlan, writePlan } from "../fix/plan-file.ts";
import { openCache, planRepair } from "../fix/repair.ts";
import { UserDatabase } from "../host/users.ts";
import { repairCommands } from "../report/repair-commands.ts";
import { printable } from "../report/safe.ts";
import type { Root } from "../tree/root.ts";
import { startProgress } from "../ui/progress.ts";
import { tellResult } from "./repair-result.ts";
import {
  aclSupport,
  cachePath,
  carryOut,
  openState,
  type RepairOptions,
  readOwnerFacts,
  say,
  statusOf,
} from "./repairing.ts";

export interface FixOptions extends RepairOptions {
  readonly yes?: boolean;
  readonly only: readonly string[];
  readonly planOut?: string;
  readonly plan?: string;
  readonly printCommands?: boolean;
}

export async function fix(options: FixOptions, context: Context): Promise<ExitStatus> {
  const given = options.plan === undefined ? undefined : readPlan(textOf(options.plan, context), options.plan);
  const wanted = given === undefined ? options : { ...options, cacheDir: given.root };
  const facts = readOwnerFacts(wanted, context, ownerOfCache);
  const path = cachePath(facts);
  if (facts.cache.state === "missing")
    throw new UserError(
      `${printable(path)} does not exist: there is nothing to repair`,
      `make it with gomodcache init --cache-dir ${path}`,
    );
  const users = new UserDatabase();
  const acls = aclSupport(facts);
  const owner = facts.subject.subject;
  const contract = given?.contract ?? chooseContract(options, { facts, users, owner, acls: acls === true });
  const root = openCache(path, {
    facts,
    homes: users.homes(),
    ...(options.adopt === undefined ? {} : { adopt: options.adopt }),
  });
  let plan = onlyRules(await survey(root, contract, facts, options, context), options.only, facts);
  if (given !== undefined) plan = onlyPlanned(plan, given.items);
  if (options.planOut !== undefined) {
    write(options.planOut, writePlan(plan), context);
    return exitStatus.ok;
  }
  if (options.printCommands === true) {
    await say(context, repairCommands(plan));
    return exitStatus.ok;
  }
  const result = { plan, facts, acls, isNew: false };
  const told = { ...options, command: "fix" };
  if (countRepairs(plan) === 0 || options.dryRun === true) {
    const status = options.dryRun === true ? exitStatus.ok : statusOf(plan, nothing);
    return tellResult({ ...result, ...(options.dryRun === true ? {} : { applied: nothing }), status }, told, context);
  }
  if (options.yes !== true) await ask(plan, result, told, context);
  const state = openState(options, context, root.path);
  const run = { command: "fix", quiet: options.quiet === true, progress: options.progress };
  const applied = await carryOut(root, plan, state, run, context);
  const after = onlyRules(await survey(root, contract, facts, options, context), options.only, facts);
  const left = countRepairs(after) + count(after.beyond);
  const status = left === 0 ? statusOf(after, { ...nothing, troubles: [] }) : statusOf(plan, applied);
  await tellResult(
    { ...result, applied, status },
    { ...told, quiet: options.quiet === true || options.yes !== true },
    context,
  );
  if (options.json !== true)
    await say(
      context,
      left === 0 ? "Looked again: nothing departs any more\n" : `Looked again: ${grouped(left)} still depart\n`,
    );
  return left > 0 && status === exitStatus.ok && options.plan === undefined ? exitStatus.findings : status;
}

const nothing: Applied = { changed: 0, skipped: 0, failed: 0, troubles: [] };

/** For root, who would else become the owner of everything: whoever owns the cache itself. */
function ownerOfCache({ self, cache }: Facts): string | undefined {
  return self.uid === 0 && cache.entry !== undefined ? `${cache.entry.uid}` : undefined;
}

async function survey(
  root: Root,
  contract: Contract,
  facts: Facts,
  options: FixOptions,
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
      deep: true,
      everyAcl: options.everyAcl === true,
      hardLinks: options.allowHardlinks === true,
      ...(options.from === undefined ? {} : { from: options.from }),
      onProgress: (entries, at) => progress.update(entries, at),
    });
  } finally {
    progress.stop();
  }
}

/** @throws {UserError} unless the user says yes */
async function ask(
  plan: Plan,
  result: Parameters<typeof tellResult>[0],
  options: FixOptions,
  context: Context,
): Promise<void> {
  if (process.stdin.isTTY !== true || context.stderr.isTTY !== true)
    throw new UserError(
      "there is no terminal to ask at",
      "add --yes to change it, or --dry-run to see what would be changed",
    );
  await tellResult(result, options, context);
  const asker = createInterface({ input: process.stdin, output: context.stderr });
  try {
    const answer = await asker.question(`Change ${grouped(countRepairs(plan))} entries? [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    asker.close();
  }
  throw new UserError("nothing was changed", "answer y, or add --yes", exitStatus.findings);
}

function textOf(file: string, context: Context): string {
  try {
    return readFileSync(resolve(context.cwd, file), "utf8");
  } catch (error) {
    throw new UserError(
      `${printable(file)} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      "name a plan file",
    );
  }
}

function write(file: string, text: string, context: Context): void {
  try {
    writeFileSync(resolve(context.cwd, file), text);
  } catch (error) {
    throw new UserError(
      `${printable(file)} cannot be written (${(error as NodeJS.ErrnoException).code})`,
      "name another file",
    );
  }
}
