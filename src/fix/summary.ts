// A plan in groups: what is alike is one line with a count.
import { formatAcl } from "../permission/acl.ts";
import { type DarwinState, darwinAclLines, noDarwinState } from "../permission/darwin-steps.ts";
import { octal } from "../permission/entry.ts";
import { type Plan, type RefusalReason, type Refused, type Repair, repairsOf } from "./plan.ts";

/** Entries that had the same and get the same. */
export interface PlanGroup {
  readonly count: number;
  readonly isDirectory: boolean;
  readonly from: { readonly uid: number; readonly gid: number; readonly mode: number };
  readonly to: { readonly uid: number; readonly gid: number; readonly mode: number };
  /** What happens to ACLs, in words; empty if nothing. */
  readonly acl: string;
  /** One of them, below GOMODCACHE; `.` for GOMODCACHE itself. */
  readonly example: string;
}

/** The groups of a plan, the largest first. */
export function groupsOf(plan: Pick<Plan, "rootRepair" | "directories">): PlanGroup[] {
  const groups = new Map<string, { -readonly [K in keyof PlanGroup]: PlanGroup[K] }>();
  for (const { names, repair } of repairsOf(plan)) {
    const { seen, wanted } = repair;
    const acl = aclWords(repair);
    const key = [seen.isDirectory, seen.uid, seen.gid, seen.mode, wanted.uid, wanted.gid, wanted.mode, acl].join();
    const known = groups.get(key);
    if (known !== undefined) {
      known.count += 1;
      continue;
    }
    const { uid, gid, mode } = wanted;
    groups.set(key, {
      count: 1,
      isDirectory: seen.isDirectory,
      from: { uid: seen.uid, gid: seen.gid, mode: seen.mode },
      to: { uid, gid, mode },
      acl,
      example: [...names, repair.name].filter((name) => name !== "").join("/") || ".",
    });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

function aclWords({ seen, wanted }: Repair): string {
  const words: string[] = [];
  if (wanted.acl === "none") words.push("without its ACL");
  else if (wanted.acl !== undefined) words.push(`ACL ${formatAcl(wanted.acl)}`);
  if (wanted.defaultAcl === "none") words.push("without its default ACL");
  else if (wanted.defaultAcl !== undefined) words.push("with a default ACL");
  if (wanted.darwin !== undefined) words.push(...darwinWords(seen.acls?.darwin ?? noDarwinState, wanted.darwin));
  return words.join(", ");
}

/** What happens to a list of macOS, entry by entry, and to flags. */
function darwinWords(from: DarwinState, to: DarwinState): string[] {
  const [old, wanted] = [darwinAclLines(from.acl), darwinAclLines(to.acl)];
  const changes = [
    ...old.filter((line) => !wanted.includes(line)).map((line) => `without the entry "${line}"`),
    ...wanted.filter((line) => !old.includes(line)).map((line) => `with the entry "${line}"`),
    ...from.flags.filter((flag) => !to.flags.includes(flag)).map((flag) => `without the flag ${flag}`),
    ...to.flags.filter((flag) => !from.flags.includes(flag)).map((flag) => `with the flag ${flag}`),
  ];
  return changes.length === 0 ? ["with its ACL in another order"] : changes;
}

/** Why a repair is needed: what differs, in words. */
export function reasonOf({ seen, wanted }: Repair): string {
  const reasons: string[] = [];
  if (seen.uid !== wanted.uid) reasons.push(`owner ${seen.uid} instead of ${wanted.uid}`);
  if (seen.gid !== wanted.gid) reasons.push(`group ${seen.gid} instead of ${wanted.gid}`);
  if (seen.mode !== wanted.mode) reasons.push(`mode ${octal(seen.mode)} instead of ${octal(wanted.mode)}`);
  const acl = aclWords({ seen, wanted } as Repair);
  if (acl !== "") reasons.push(`should be ${acl}`);
  return reasons.join(", ");
}

/** What is left alone and why, with a few examples each. */
export interface RefusedGroup {
  readonly reason: RefusalReason;
  readonly count: number;
  readonly examples: readonly string[];
  readonly uids: readonly number[];
}

export function refusedGroups(refused: readonly Refused[], most = 3): RefusedGroup[] {
  const groups = new Map<RefusalReason, { count: number; examples: string[]; uids: Set<number> }>();
  for (const { path, reason, uid } of refused) {
    const group = groups.get(reason) ?? { count: 0, examples: [], uids: new Set<number>() };
    group.count += 1;
    if (group.examples.length < most) group.examples.push(path);
    group.uids.add(uid);
    groups.set(reason, group);
  }
  return [...groups]
    .map(([reason, { count, examples, uids }]) => ({ reason, count, examples, uids: [...uids] }))
    .sort((a, b) => b.count - a.count);
}

/** The owners whom entries are taken from, who may have changed their content; neither root nor the new owner. */
export function formerOwners(plan: Pick<Plan, "rootRepair" | "directories">): number[] {
  const uids = new Set<number>();
  for (const { repair } of repairsOf(plan)) {
    const { seen, wanted } = repair;
    if (seen.uid !== wanted.uid && seen.uid !== 0) uids.add(seen.uid);
  }
  return [...uids].sort((a, b) => a - b);
}

/** The entries that the group cannot write although the contract says so: what `--strict-mode` refuses to start with. */
export function withoutGroupWrite(directories: Pick<Plan, "rootRepair" | "directories">): string[] {
  const paths: string[] = [];
  for (const { names, repair } of repairsOf(directories)) {
    if ((repair.wanted.mode & 0o020) === 0 || (repair.seen.mode & 0o020) !== 0) continue;
    paths.push([...names, repair.name].filter((name) => name !== "").join("/") || ".");
  }
  return paths;
}
