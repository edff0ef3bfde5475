// What `init`, `fix` and `undo` have in common: the facts, the owner, the state directory, the lock, and how a run is told.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import type { ContractName } from "../contract/contract.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { applyPlan } from "../fix/apply.ts";
import { RunLock } from "../fix/lock.ts";
import { type Applied, count, countRepairs, type Plan } from "../fix/plan.ts";
import { StateDirectory } from "../fix/state.ts";
import { refuseUnproven } from "../fix/unproven.ts";
import { openWorld, readFacts } from "../host/facts.ts";
import { defaultStateDirectory } from "../host/state-place.ts";
import { systemPath } from "../host/system-path.ts";
import { printable } from "../report/safe.ts";
import type { Root } from "../tree/root.ts";
import { writeStream } from "../ui/output.ts";
import { startProgress } from "../ui/progress.ts";
import type { CommonOptions } from "./terminal.ts";

export interface RepairOptions extends CommonOptions {
  readonly owner?: string;
  readonly umask?: string;
  readonly contract?: ContractName;
  readonly group?: string;
  readonly from?: readonly number[];
  readonly adopt?: string;
  readonly modcacherw?: boolean;
  readonly allowHardlinks?: boolean;
  readonly trustTree?: boolean;
  readonly everyAcl?: boolean;
  readonly stateDir?: string;
  /** False for --no-undo. */
  readonly undo?: boolean;
  readonly dryRun?: boolean;
  /** False for --no-progress. */
  readonly progress: boolean;
}

/** The facts of the machine for the owner-to-be: `--owner`, else who called sudo, else `fallback`, else who runs this. */
export function readOwnerFacts(
  options: RepairOptions,
  context: Context,
  fallback?: (facts: Facts) => string | undefined,
): Facts {
  const cwd = options.C === undefined ? context.cwd : resolve(context.cwd, options.C);
  const read = (who: string | undefined): Facts =>
    readFacts(
      {
        environment: context.env,
        directory: cwd,
        ...(options.cacheDir === undefined ? {} : { cacheDirectory: resolve(cwd, options.cacheDir) }),
        ...(who === undefined ? {} : { who }),
      },
      openWorld(),
    );
  if (options.owner !== undefined) return read(options.owner);
  const facts = read(undefined);
  const { sudo } = facts;
  const who = sudo === undefined ? fallback?.(facts) : `${sudo.uid}:${sudo.gid}`;
  return who === undefined ? facts : read(who);
}

/** @throws {UserError} if GOMODCACHE is no directory's path */
export function cachePath(facts: Facts): string {
  const { path, state } = facts.cache;
  const hint = "name the directory with --cache-dir DIR";
  if (state === "unset")
    throw new UserError("go has no module cache here: GOMODCACHE is not set, and there is no HOME", hint);
  if (state === "relative")
    throw new UserError(`GOMODCACHE is ${printable(path)}, a relative path, which go refuses`, hint);
  return path;
}

/** Whether default ACLs can be set, and if not, why. */
export function aclSupport(facts: Facts): true | string {
  if ("unseen" in facts.acls) return facts.acls.unseen;
  if (facts.platform === "darwin") return true;
  const { mount } = facts.cache;
  if (mount?.options.includes("noacl")) return `${mount.mountPoint} is mounted with noacl`;
  if (mount !== undefined && ["vfat", "exfat", "msdos", "nfs4", "9p", "drvfs"].includes(mount.type))
    return `${mount.type} has no POSIX ACLs`;
  const found = systemPath.split(":").some((directory) => existsSync(`${directory}/setfacl`));
  return found ? true : "setfacl is not installed (Debian's package acl)";
}

export function openState(
  options: RepairOptions,
  context: Context,
  cache: string | undefined,
): StateDirectory | undefined {
  if (options.undo === false) return undefined;
  const given = options.stateDir === undefined ? undefined : resolve(context.cwd, options.stateDir);
  const path = given ?? defaultStateDirectory(process.geteuid?.() ?? 0, context.env);
  return StateDirectory.open(path, cache, true);
}

/** The state directory, if there is one already: a run that changes nothing makes none. */
export function openKnown(options: RepairOptions, context: Context): StateDirectory | undefined {
  if (options.undo === false) return undefined;
  try {
    const given = options.stateDir === undefined ? undefined : resolve(context.cwd, options.stateDir);
    return StateDirectory.open(given ?? defaultStateDirectory(process.geteuid?.() ?? 0, context.env), undefined, false);
  } catch (error) {
    // What is wrong with it is told when it is needed.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

export interface RunOptions {
  readonly command: string;
  readonly quiet: boolean;
  readonly progress: boolean;
  readonly undoes?: string;
  /** Whether root may change what others can reach, where nothing was proven to hold it fast. */
  readonly trustTree?: boolean | undefined;
}

/** What came of a plan without anything in it. */
export const nothingApplied: Applied = { changed: 0, removed: 0, skipped: 0, failed: 0, troubles: [] };

/** Takes the lock, writes the journal, makes the changes. */
export async function carryOut(
  root: Root,
  plan: Pick<Plan, "rootRepair" | "directories" | "contents">,
  state: StateDirectory | undefined,
  options: RunOptions,
  context: Context,
): Promise<Applied> {
  const isEmpty = countRepairs(plan) === 0 && plan.contents.length === 0;
  if (isEmpty && options.undoes === undefined) return nothingApplied;
  refuseUnproven(root, plan, options.trustTree === true);
  const progress = startProgress({
    stream: context.stderr,
    env: context.env,
    off: options.quiet || !options.progress,
    verb: "changed",
  });
  const onWait = (holder: string): void => void context.stderr.write(`waiting for ${printable(holder)}\n`);
  const lock =
    state === undefined ? undefined : await RunLock.take(state, `${root.device}-${root.ino}`, options.command, onWait);
  try {
    return await applyPlan(root, plan, {
      command: options.command,
      ...(state === undefined ? {} : { state }),
      ...(options.undoes === undefined ? {} : { undoes: options.undoes }),
      onProgress: (done, path) => progress.update(done, path),
    });
  } finally {
    progress.stop();
    lock?.release();
  }
}

/** 0 if all is as it should be; 4 if somebody with more rights has to do the rest; 1 if something was left or failed. */
export function statusOf(plan: Plan, applied: Applied): ExitStatus {
  const refusedByKernel = applied.troubles.some(({ code }) => code === "EPERM" || code === "EACCES");
  if (count(plan.beyond) > 0 || refusedByKernel) return exitStatus.privilege;
  if (applied.failed > 0 || applied.skipped > 0 || plan.refused.length > 0 || plan.staying.length > 0)
    return exitStatus.findings;
  return plan.unseen.length > 0 ? exitStatus.incomplete : exitStatus.ok;
}

export async function say(context: Context, text: string): Promise<void> {
  await writeStream(context.stdout, text);
}
