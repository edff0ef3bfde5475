// `fix`: shows what departs from the cache's contract, asks, changes that, and looks again.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import type { Contract } from "../contract/contract.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { grouped } from "../finding/number.ts";
import { chooseContract, onSystem } from "../fix/choose.ts";
import { count, countRepairs, type Plan } from "../fix/plan.ts";
import { onlyPlanned, readPlan, writePlan } from "../fix/plan-file.ts";
import { planFix } from "../fix/prepare.ts";
import { openCache } from "../fix/repair.ts";
import { readStamp, writeStamp } from "../fix/stamp.ts";
import { UserDatabase } from "../host/users.ts";
import { repairCommands } from "../report/repair-commands.ts";
import { printable } from "../report/safe.ts";
import type { Root } from "../tree/root.ts";
import { startProgress } from "../ui/progress.ts";
import { confirm } from "./confirm.ts";
import type { FixOptions } from "./fix-options.ts";
import { fixWindowsDrive, fixWslConf, isLostOnDrive } from "./fix-wsl.ts";
import { type Result, tellResult } from "./repair-result.ts";
import {
  aclSupport,
  cachePath,
  carryOut,
  nothingApplied,
  openKnown,
  openState,
  readOwnerFacts,
  say,
  statusOf,
} from "./repairing.ts";

export async function fix(options: FixOptions, context: Context): Promise<ExitStatus> {
  const given = options.plan === undefined ? undefined : readPlan(textOf(options.plan, context), options.plan);
  const wanted = given === undefined ? options : { ...options, cacheDir: given.root };
  const facts = readOwnerFacts(wanted, context, ownerOfCache);
  if (options.wslConf === true) return fixWslConf(facts, options, context);
  const path = cachePath(facts);
  if (isLostOnDrive(facts, options)) return fixWindowsDrive(facts, options, context);
  if (facts.cache.state === "missing")
    throw new UserError(
      `${printable(path)} does not exist: there is nothing to repair`,
      `make it with gomodcache init --cache-dir ${path}`,
    );
  const users = new UserDatabase();
  const acls = aclSupport(facts);
  const ground = { facts, users, owner: facts.subject.subject, acls: acls === true };
  const contract = given === undefined ? chooseContract(options, ground) : onSystem(given.contract, ground);
  const adopt = options.adopt === undefined ? {} : { adopt: options.adopt };
  const root = openCache(path, { facts, homes: users.homes(), ...adopt });
  const began = Date.now();
  const known = openKnown(options, context);
  const knownUntil = known === undefined ? undefined : readStamp(known, root, contract);
  const made = await makePlan(root, contract, facts, { ...options, knownUntil }, context, true);
  const plan = given === undefined ? made : { ...onlyPlanned(made, given.items), contents: [] };
  if (options.planOut !== undefined) {
    write(options.planOut, writePlan(plan), context);
    return exitStatus.ok;
  }
  if (options.printCommands === true) {
    await say(context, repairCommands(plan));
    return exitStatus.ok;
  }
  const result: Result = { plan, facts, acls, isNew: false };
  const told = { ...options, command: "fix" };
  if (options.dryRun === true) return tellResult(result, told, context);
  if (countRepairs(plan) === 0 && plan.contents.length === 0) {
    if (known !== undefined && isInOrder(plan, options)) writeStamp(known, root, contract, began);
    return tellResult({ ...result, applied: nothingApplied, status: statusOf(plan, nothingApplied) }, told, context);
  }
  if (options.yes !== true)
    await confirm("Do it?", context, () => tellResult({ ...result, isQuestion: true }, told, context));
  const state = openState(options, context, root.path);
  const run = {
    command: "fix",
    quiet: options.quiet === true,
    progress: options.progress,
    trustTree: options.trustTree,
  };
  const applied = await carryOut(root, plan, state, run, context);
  // What was changed was read again at once, with its ACL: the second look is for what came in between.
  const after = await makePlan(root, contract, facts, options, context, false);
  const left = countRepairs(after) + count(after.beyond) + after.contents.length;
  if (state !== undefined && left === 0 && isInOrder(after, options)) writeStamp(state, root, contract, began);
  const status = left === 0 ? statusOf(after, nothingApplied) : statusOf(plan, applied);
  // Whoever was asked has seen the plan.
  const isShown = options.quiet === true || options.yes !== true;
  await tellResult({ ...result, applied, status }, { ...told, quiet: isShown }, context);
  if (options.json !== true)
    await say(
      context,
      left === 0 ? "Looked again: nothing departs any more\n" : `Looked again: ${grouped(left)} still depart\n`,
    );
  return left > 0 && status === exitStatus.ok && given === undefined ? exitStatus.findings : status;
}

/** Whether all that there is was looked at, and nothing departs. */
function isInOrder(plan: Plan, options: FixOptions): boolean {
  const left = plan.refused.length + plan.unseen.length + plan.staying.length + count(plan.beyond);
  return left === 0 && options.only.length === 0;
}

/** For root, who would else become the owner of everything: whoever owns the cache itself. */
function ownerOfCache({ self, cache }: Facts): string | undefined {
  return self.uid === 0 && cache.entry !== undefined ? `${cache.entry.uid}` : undefined;
}

async function makePlan(
  root: Root,
  contract: Contract,
  facts: Facts,
  options: FixOptions & { readonly knownUntil?: number | undefined },
  context: Context,
  readAcls: boolean,
): Promise<Plan> {
  const common = { stream: context.stderr, env: context.env, off: options.quiet === true || !options.progress };
  const looking = startProgress({ ...common, verb: "looking at" });
  const verifying = startProgress({ ...common, verb: "verifying", unit: ["module", "modules"] });
  try {
    return await planFix(root, contract, facts, {
      deep: true,
      readAcls,
      ...(options.knownUntil === undefined ? {} : { knownUntil: options.knownUntil }),
      everyAcl: options.everyAcl === true,
      hardLinks: options.allowHardlinks === true,
      contents: true,
      only: options.only,
      verify: options.verify === true,
      unsafe: options.unsafe === true,
      trustTree: options.trustTree === true,
      ...(options.from === undefined ? {} : { from: options.from }),
      onProgress: (entries, at) => looking.update(entries, at),
      onVerify: (done, total, what) => {
        looking.stop();
        verifying.update(done, what, total);
      },
    });
  } finally {
    looking.stop();
    verifying.stop();
  }
}

function textOf(file: string, context: Context): string {
  try {
    return readFileSync(resolve(context.cwd, file), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${printable(file)} cannot be read (${code})`, "name a file that --plan-out wrote");
  }
}

function write(file: string, text: string, context: Context): void {
  try {
    writeFileSync(resolve(context.cwd, file), text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${printable(file)} cannot be written (${code})`, "name another file");
  }
}
