// Tells what `init`, `fix` or `undo` found and did: as text, or as one JSON document.
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { grouped } from "../finding/number.ts";
import { type Applied, count, countRepairs, type Plan } from "../fix/plan.ts";
import { octal } from "../permission/entry.ts";
import { hanging } from "../report/layout.ts";
import { repairJson } from "../report/repair-json.ts";
import { appliedText, planText } from "../report/repair-text.ts";
import { printable } from "../report/safe.ts";
import { plural, shellQuote } from "../rules/shared/say.ts";
import { writeStream } from "../ui/output.ts";
import type { RepairOptions } from "./repairing.ts";
import { renderOptions } from "./terminal.ts";

export interface Result {
  readonly plan: Plan;
  readonly facts: Facts;
  /** Whether ACLs can be used, or why not. */
  readonly acls: true | string;
  /** True if the cache was made by this run. */
  readonly isNew: boolean;
  /** True if the user is asked next. */
  readonly isQuestion?: boolean;
  /** Absent for a dry run. */
  readonly applied?: Applied;
  readonly status?: ExitStatus;
}

export async function tellResult(
  result: Result,
  options: RepairOptions & { command?: string },
  context: Context,
): Promise<ExitStatus> {
  const { plan, facts, acls, isNew, applied, status = exitStatus.ok } = result;
  const rendering = renderOptions(options, context);
  const command = options.command ?? "init";
  if (options.json === true) {
    await writeStream(context.stdout, repairJson(command, plan, applied, rendering));
    return status;
  }
  const parts: string[] = [];
  const nothing = countRepairs(plan) === 0 && plan.contents.length === 0;
  if (options.quiet !== true) {
    parts.push(planText(plan, facts, rendering));
    if (plan.contract.name === "group") parts.push(groupNotes(plan, acls, rendering.width));
    if (!plan.whole)
      parts.push(
        "  Owner and group of the cache match, so what is below was not searched for others' entries: --deep does.\n",
      );
  }
  if (isNew) parts.push(`Made ${plan.root}\n`);
  if (count(plan.beyond) > 0)
    parts.push(`An administrator has to do the rest: ${administratorCommand(plan, options)}\n`);
  if (nothing && plan.refused.length === 0 && plan.staying.length === 0 && count(plan.beyond) === 0)
    parts.push(
      `Nothing to do: ${plural(plan.entries, "entry", "entries")} looked at, all under the contract ${plan.contract.name}\n`,
    );
  else if (applied === undefined && result.isQuestion !== true)
    parts.push(
      `Would change ${grouped(countRepairs(plan))} of ${plural(plan.entries, "entry", "entries")}${removals(plan)}; nothing was changed\n`,
    );
  else if (applied !== undefined) parts.push(appliedText(plan, applied, { ...rendering, verb: "Changed" }));
  await writeStream(context.stdout, parts.filter((part) => part !== "").join("\n"));
  return status;
}

/** The same run for somebody with more rights. */
function administratorCommand({ root, contract }: Plan, { from }: RepairOptions): string {
  const isDarwin = contract.darwin !== undefined;
  const words = isDarwin ? ["gomodcache", "fix", "--print-commands"] : ["sudo", "gomodcache-init"];
  words.push("--cache-dir", shellQuote(root), "--owner", `${contract.uid}:${contract.gid}`);
  words.push("--contract", contract.name, "--umask", octal(contract.umask));
  if (from !== undefined && from.length > 0) words.push("--from", from.join(","));
  // Where there is no /proc, root changes nothing that others could exchange meanwhile; commands that somebody has read do.
  if (isDarwin) return `${words.join(" ")} > repair.sh; read it, then: sudo sh repair.sh`;
  return [...words, "--deep"].join(" ");
}

/** Said every time, because it is what a group's cache is. */
function groupNotes(plan: Plan, acls: true | string, width: number): string {
  const notes = [
    "Whoever is in the group can run code as the others: go does not check again what is in the cache. To share without trust, use the contract readonly, or a cache each.",
  ];
  const { defaultAcl, darwin } = plan.contract;
  if (defaultAcl === undefined && darwin?.shares === undefined)
    notes.push(
      `There are no ${darwin === undefined ? "default ACLs" : "ACLs that are inherited"} (${typeof acls === "string" ? acls : darwin === undefined ? "none" : "the group has no name"}): what a user with umask 022 or 077 adds, the others cannot write. Each user needs umask 002.`,
    );
  if (darwin?.shares !== undefined)
    notes.push(
      `A new member: sudo dseditgroup -o edit -a NAME -t user ${shellQuote(printable(darwin.shares))}. Members can write in extracted modules too, whatever their mode says: gomodcache verify tells of it.`,
    );
  return `${notes.flatMap((note) => hanging("  ", note, width, 2)).join("\n")}\n`;
}

function removals({ contents }: Plan): string {
  const count = contents.reduce((sum, repair) => sum + repair.removals.length, 0);
  return count === 0 ? "" : ` and remove ${grouped(count)} broken`;
}
