// A plan in a file, to be read by a person and carried out by somebody with more rights. It is never believed: what it says must
// be what the cache needs now, entry by entry, so that an edited or stale plan changes nothing.
import type { Contract, ContractName } from "../contract/contract.ts";
import { contractNames, groupDefaultAcl } from "../contract/contract.ts";
import { exitStatus, UserError } from "../error.ts";
import { jsonText, printable } from "../report/safe.ts";
import { type DirectoryRepairs, type Plan, type Repair, repairsOf } from "./plan.ts";
import { type MetadataRecord, toRecord } from "./record.ts";

interface PlanFile {
  readonly gomodcache: "plan";
  readonly version: 1;
  readonly root: string;
  readonly contract: {
    name: ContractName;
    uid: number;
    gid: number;
    umask: number;
    acls: boolean;
    writableTrees: boolean;
  };
  readonly entries: readonly Item[];
}

interface Item {
  readonly names: readonly string[];
  readonly ino: string;
  readonly ctime: number;
  readonly from: MetadataRecord;
  readonly to: MetadataRecord;
}

/** The plan as text; what somebody else has to do is in it too. */
export function writePlan(plan: Plan): string {
  const { name, uid, gid, umask, defaultAcl, writableTrees } = plan.contract;
  const beyond = plan.beyond.flatMap(({ names, changes }) => changes.map((repair) => itemOf(names, repair)));
  const file: PlanFile = {
    gomodcache: "plan",
    version: 1,
    root: plan.root,
    contract: { name, uid, gid, umask, acls: defaultAcl !== undefined, writableTrees: writableTrees === true },
    entries: [...[...repairsOf(plan)].map(({ names, repair }) => itemOf(names, repair)), ...beyond],
  };
  return `${jsonText(file)}\n`;
}

function itemOf(names: readonly string[], { name, seen, wanted }: Repair): Item {
  const { acl, defaultAcl, darwin } = wanted;
  return {
    names: [...names, name].filter((one) => one !== ""),
    ino: String(seen.ino),
    ctime: seen.ctime,
    from: toRecord({ uid: seen.uid, gid: seen.gid, mode: seen.mode, ...seen.acls }),
    to: toRecord({
      ...{ uid: wanted.uid, gid: wanted.gid, mode: wanted.mode },
      ...(acl === undefined || acl === "none" ? {} : { acl }),
      ...(defaultAcl === undefined || defaultAcl === "none" ? {} : { defaultAcl }),
      ...(darwin === undefined ? {} : { darwin }),
    }),
  };
}

const hint = "make a new one with gomodcache fix --plan-out FILE";

/** What a plan file is about. @throws {UserError} if it is none */
export function readPlan(text: string, file: string): { root: string; contract: Contract; items: ReadonlySet<string> } {
  const broken = (): UserError => new UserError(`${printable(file)} is not a plan of gomodcache`, hint);
  let plan: PlanFile;
  try {
    plan = JSON.parse(text) as PlanFile;
  } catch {
    throw broken();
  }
  const { contract, entries, root } = plan ?? {};
  const isPlan =
    plan?.gomodcache === "plan" && plan.version === 1 && typeof root === "string" && Array.isArray(entries);
  if (!isPlan || !isContract(contract)) throw broken();
  const { name, uid, gid, umask, acls, writableTrees } = contract;
  return {
    root,
    contract: {
      ...{ name, uid, gid, umask },
      ...(writableTrees ? { writableTrees } : {}),
      ...(name === "group" && acls ? { defaultAcl: groupDefaultAcl(gid, umask) } : {}),
    },
    items: new Set(entries.map((item) => JSON.stringify(item))),
  };
}

function isContract(value: Partial<PlanFile["contract"]> | undefined): value is PlanFile["contract"] {
  const isId = (id: unknown): boolean => Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < 4294967295;
  return (
    value !== undefined &&
    value !== null &&
    contractNames.includes(value.name as ContractName) &&
    isId(value.uid) &&
    isId(value.gid) &&
    isId(value.umask) &&
    (value.umask as number) <= 0o077
  );
}

/**
 * Of a plan made now, what the file has too.
 * @throws {UserError} if the file has anything else: the cache was changed since, or the file was
 */
export function onlyPlanned(plan: Plan, items: ReadonlySet<string>): Plan {
  const found = new Set<string>();
  const isPlanned = (names: readonly string[], repair: Repair): boolean => {
    // The file went through JSON, and so does this, for numbers and the order of fields.
    const key = JSON.stringify(itemOf(names, repair));
    if (items.has(key)) found.add(key);
    return items.has(key);
  };
  const keep = (directories: readonly DirectoryRepairs[]): DirectoryRepairs[] =>
    directories
      .map(({ names, changes }) => ({ names, changes: changes.filter((repair) => isPlanned(names, repair)) }))
      .filter(({ changes }) => changes.length > 0);
  const { rootRepair, ...rest } = plan;
  const kept = rootRepair !== undefined && isPlanned([], rootRepair) ? { rootRepair } : {};
  const result: Plan = { ...rest, ...kept, directories: keep(plan.directories), beyond: keep(plan.beyond) };
  const other = [...items].filter((key) => !found.has(key));
  if (other.length === 0) return result;
  const examples = other.slice(0, 3).map((key) => printable(`${plan.root}/${namesIn(key)}`));
  throw new UserError(
    `the plan is stale or was edited: ${other.length} of its ${items.size} entries are not what the cache needs now, such as ${examples.join(", ")}`,
    `nothing was changed; ${hint}`,
    exitStatus.findings,
  );
}

function namesIn(key: string): string {
  const item = JSON.parse(key) as Partial<Item> | null;
  return Array.isArray(item?.names) ? item.names.join("/") : "?";
}
