// From one access control list of macOS to another by chmod(1), an entry at a time: `-a# N` takes one away, `+a# N` puts one in at
// its place, `+ai# N` one that counts as inherited. `+a` without a place could merge it with another entry, which nothing takes apart.
import { type DarwinAcl, formatAce, formatDarwinAcl, parseAceLine } from "./darwin-acl.ts";

/** What of an entry of macOS is changed by its path: its list, and the flags of chflags(1). */
export interface DarwinState {
  readonly acl: DarwinAcl;
  readonly flags: readonly string[];
}

export const noDarwinState: DarwinState = { acl: [], flags: [] };

export type AclStep =
  | { readonly kind: "remove"; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly ace: DarwinAcl[number] };

/** The steps; those that take away come first, from the end. What both lists begin and end with stays untouched. */
export function aclSteps(from: DarwinAcl, to: DarwinAcl): AclStep[] {
  const [old, wanted] = [from, to].map((acl) => acl.map((ace) => formatDarwinAcl([ace], true))) as [string[], string[]];
  let start = 0;
  while (start < old.length && start < wanted.length && old[start] === wanted[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, wanted.length) - start;
  while (end < most && old[old.length - 1 - end] === wanted[wanted.length - 1 - end]) end += 1;
  const steps: AclStep[] = [];
  for (let at = old.length - end - 1; at >= start; at -= 1) steps.push({ kind: "remove", at });
  for (let at = start; at < wanted.length - end; at += 1)
    steps.push({ kind: "insert", at, ace: to[at] as DarwinAcl[number] });
  return steps;
}

/** What a step makes of a list. */
export function afterStep(acl: DarwinAcl, step: AclStep): DarwinAcl {
  if (step.kind === "remove") return acl.filter((_, at) => at !== step.at);
  return [...acl.slice(0, step.at), step.ace, ...acl.slice(step.at)];
}

/** Every list on the way, the first and the last too: one of them is left by a run that was killed. */
export function aclsOnTheWay(from: DarwinAcl, to: DarwinAcl): DarwinAcl[] {
  const all: DarwinAcl[] = [from];
  for (const step of aclSteps(from, to)) all.push(afterStep(all.at(-1) as DarwinAcl, step));
  return all;
}

/** The arguments of chmod(1) before the path. @throws {Error} for an entry of an unknown form, which nothing can put back */
export function chmodArguments(step: AclStep, isDirectory: boolean): string[] {
  if (step.kind === "remove") return ["-a#", String(step.at)];
  if ("unread" in step.ace) throw new Error(`an entry of an unknown form cannot be written: ${step.ace.unread}`);
  return [step.ace.inherited ? "+ai#" : "+a#", String(step.at), formatAce(step.ace, isDirectory)];
}

export function sameDarwinState(one: DarwinState, other: DarwinState): boolean {
  return sameDarwinAcl(one.acl, other.acl) && sameFlags(one.flags, other.flags);
}

export function sameDarwinAcl(one: DarwinAcl, other: DarwinAcl): boolean {
  return formatDarwinAcl(one, true) === formatDarwinAcl(other, true) && one.length === other.length;
}

function sameFlags(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join() === [...other].sort().join();
}

/** A list as JSON holds it: the entries as ls(1) prints them. */
export function darwinAclLines(acl: DarwinAcl): string[] {
  return acl.map((ace) => formatDarwinAcl([ace], true));
}

/** Reads what `darwinAclLines` made. @throws {SyntaxError} */
export function parseDarwinAclLines(lines: readonly string[]): DarwinAcl {
  return lines.map((line) => {
    const ace = parseAceLine(` 0: ${line}`);
    if (ace === undefined || "unread" in ace) throw new SyntaxError(`"${line}" is no entry of an ACL`);
    return ace;
  });
}
