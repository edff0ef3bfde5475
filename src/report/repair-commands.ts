// A plan as chown, chmod and setfacl (on macOS chmod +a and chflags) commands, for people who run no tool as root. Paths are named one by one, so that nothing
// else is touched; but between reading and running, whoever controls the tree can exchange them, which `fix` itself would notice.
import type { Plan, Repair } from "../fix/plan.ts";
import { repairsOf } from "../fix/plan.ts";
import { type Acl, formatAcl } from "../permission/acl.ts";
import { type DarwinAcl, formatAce } from "../permission/darwin-acl.ts";
import { type DarwinState, darwinAclLines, noDarwinState } from "../permission/darwin-steps.ts";
import { octal } from "../permission/entry.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { printable } from "./safe.ts";

/** How many paths one command names, so that it stays below what execve(2) takes. */
const mostPaths = 100;

/** A POSIX shell script. */
export function repairCommands(plan: Plan): string {
  /** One after the other: each phase is done for all entries before the next. */
  const phases = [0, 1, 2, 3].map(() => new Map<string, string[]>());
  // There the first operand ends the options, so that `--` after it is a file's name; every path begins with a slash.
  const isDarwin = plan.contract.darwin !== undefined;
  const unspeakable: string[] = [];
  const add = ({ phase, command }: Step, path: string): void => {
    const groups = phases[phase] as Map<string, string[]>;
    const paths = groups.get(command);
    if (paths === undefined) groups.set(command, [path]);
    else paths.push(path);
  };
  for (const { names, repair } of all(plan)) {
    const path = [plan.root, ...names, repair.name].filter((name) => name !== "").join("/");
    // A line is all that a command is here, and a lone surrogate stands for a byte that no script can hold as text.
    if (printable(path) !== path || /\p{Surrogate}/u.test(path)) {
      unspeakable.push(printable(path));
      continue;
    }
    for (const step of stepsFor(repair)) add(step, shellQuote(path));
  }
  const lines = ["#!/bin/sh", "# Made by gomodcache fix --print-commands. Read it, then run it as root.", "set -eu"];
  for (const [command, paths] of phases.flatMap((groups) => [...groups]))
    for (let at = 0; at < paths.length; at += mostPaths)
      lines.push(`${command}${isDarwin ? "" : " --"} ${paths.slice(at, at + mostPaths).join(" ")}`);
  for (const path of unspeakable) lines.push(`# not in this script, because of its name: ${path}`);
  return `${lines.join("\n")}\n`;
}

function* all(plan: Plan): Generator<{ names: readonly string[]; repair: Repair }> {
  yield* repairsOf(plan);
  for (const { names, changes } of plan.beyond) for (const repair of changes) yield { names, repair };
}

/** A command for an entry: 0 takes rights away, 1 changes the owner, 2 the ACL, 3 gives the rights that are to be. */
interface Step {
  readonly phase: 0 | 1 | 2 | 3;
  readonly command: string;
}

/** In the order of the engine: no moment leaves the entry more open than it was or shall be. */
function stepsFor({ seen, wanted }: Repair): Step[] {
  const steps: Step[] = [];
  const both = seen.mode & wanted.mode;
  const changesOwner = seen.uid !== wanted.uid || seen.gid !== wanted.gid;
  if (changesOwner && both !== seen.mode) steps.push({ phase: 0, command: `chmod ${octal(both)}` });
  if (changesOwner) steps.push({ phase: 1, command: `chown -h ${wanted.uid}:${wanted.gid}` });
  if (wanted.darwin !== undefined)
    steps.push(...darwinSteps(seen.acls?.darwin ?? noDarwinState, wanted.darwin, seen.isDirectory));
  if (wanted.acl === "none") steps.push({ phase: 2, command: "setfacl -b" });
  if (wanted.defaultAcl === "none") steps.push({ phase: 2, command: "setfacl -k" });
  else if (wanted.defaultAcl !== undefined)
    steps.push({ phase: 2, command: `setfacl -m ${defaultEntries(wanted.defaultAcl)}` });
  const now = changesOwner ? both : seen.mode;
  if (now !== wanted.mode || wanted.acl !== undefined) steps.push({ phase: 3, command: `chmod ${octal(wanted.mode)}` });
  return steps;
}

/** By what they say, not by number: then it does not matter in which order commands that many entries share are run. */
function darwinSteps(from: DarwinState, to: DarwinState, isDirectory: boolean): Step[] {
  const steps: Step[] = [];
  for (const flag of from.flags)
    if (!to.flags.includes(flag)) steps.push({ phase: 0, command: `chflags -h no${flag}` });
  const [old, wanted] = [darwinAclLines(from.acl), darwinAclLines(to.acl)];
  const command = (option: string, ace: DarwinAcl[number]): Step[] =>
    "unread" in ace ? [] : [{ phase: 2, command: `chmod -h ${option} ${shellQuote(formatAce(ace, isDirectory))}` }];
  for (const [at, ace] of from.acl.entries())
    if (!wanted.includes(old[at] as string)) steps.push(...command("-a", ace));
  for (const [at, ace] of to.acl.entries()) if (!old.includes(wanted[at] as string)) steps.push(...command("+a", ace));
  return steps;
}

function defaultEntries(acl: Acl): string {
  return formatAcl(acl)
    .split(",")
    .map((entry) => `d:${entry}`)
    .join(",");
}
