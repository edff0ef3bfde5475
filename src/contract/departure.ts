// How an entry breaks its contract, and what it should be instead. Nothing departs that hurts nobody.
import type { EntryKind } from "../gocache/kind.ts";
import type { Acl, EntryAcls } from "../permission/acl.ts";
import { type DarwinState, noDarwinState } from "../permission/darwin-steps.ts";
import type { Contract } from "./contract.ts";
import { darwinDeparture } from "./darwin.ts";
import { isExtracted, wantedMode } from "./shape.ts";

/** What of an entry's metadata a contract looks at. */
export interface Metadata {
  readonly isDirectory: boolean;
  readonly uid: number;
  readonly gid: number;
  /** The twelve permission bits; with an extended ACL, those of the group are its mask. */
  readonly mode: number;
}

/** What the entry should be. Values equal to those it has are left alone by whoever carries it out. */
export interface Wanted {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** The access ACL it should have; `"none"` if the one it has should go, so that the mode says all. */
  readonly acl?: Acl | "none";
  /** The default ACL it should have; `"none"` if the one it has should go. */
  readonly defaultAcl?: Acl | "none";
  /** The list and the flags it should have on macOS. */
  readonly darwin?: DarwinState;
}

/**
 * Whether owner, group or mode depart; a few comparisons, since it is asked of every entry of a cache.
 * ACLs are a matter of their own: reading them costs more.
 */
export function metadataDeparts(kind: EntryKind, entry: Metadata, contract: Contract): boolean {
  if (entry.mode !== wantedMode(kind, entry.isDirectory, entry.mode, contract)) return true;
  return ownerDeparts(entry.uid, contract) || groupDeparts(entry.gid, entry.mode, contract);
}

/** What an entry should be; undefined if nothing departs. @param acls its ACLs, if it has any */
export function departure(
  kind: EntryKind,
  entry: Metadata,
  acls: EntryAcls | undefined,
  contract: Contract,
): Wanted | undefined {
  const acl = wantedAcls(kind, entry, acls, contract);
  const darwin =
    contract.darwin && darwinDeparture(kind, entry.isDirectory, acls?.darwin ?? noDarwinState, contract.darwin);
  if (acl === undefined && darwin === undefined && !metadataDeparts(kind, entry, contract)) return undefined;
  const mode = wantedMode(kind, entry.isDirectory, entry.mode, contract);
  const changesOwner = ownerDeparts(entry.uid, contract);
  // A new owner brings their group along, as chown USER: does.
  const changesGroup = changesOwner || groupDeparts(entry.gid, mode, contract);
  return {
    uid: changesOwner ? contract.uid : entry.uid,
    gid: changesGroup ? contract.gid : entry.gid,
    mode,
    ...acl,
    ...(darwin === undefined ? {} : { darwin }),
  };
}

function ownerDeparts(uid: number, contract: Contract): boolean {
  if (uid === contract.uid) return false;
  if (contract.name !== "group") return true;
  return contract.members === undefined ? uid === 0 : !contract.members.has(uid);
}

/** The group matters where it has other rights than everybody. */
function groupDeparts(gid: number, mode: number, contract: Contract): boolean {
  if (gid === contract.gid) return false;
  return contract.name === "group" || ((mode >> 3) & 7) !== (mode & 7);
}

function wantedAcls(
  kind: EntryKind,
  entry: Metadata,
  acls: EntryAcls | undefined,
  contract: Contract,
): Pick<Wanted, "acl" | "defaultAcl"> | undefined {
  const drop = acls?.acl !== undefined && !isAcceptable(acls.acl, kind, entry, contract);
  const inherited = entry.isDirectory ? wantedDefault(kind, acls?.defaultAcl, contract) : undefined;
  if (!drop && inherited === undefined) return undefined;
  return { ...(drop ? { acl: "none" } : {}), ...(inherited === undefined ? {} : { defaultAcl: inherited }) };
}

/** A group's entries may carry the ACL that they inherit; every other one gives rights to third parties, or hides them. */
function isAcceptable(acl: Acl, kind: EntryKind, entry: Metadata, contract: Contract): boolean {
  if (contract.defaultAcl === undefined || acl.users.size > 0) return false;
  for (const gid of acl.groups.keys()) if (gid !== contract.gid) return false;
  const needed = (wantedMode(kind, entry.isDirectory, entry.mode, contract) >> 3) & 7;
  const owning = entry.gid === contract.gid ? acl.group : 0;
  const named = acl.groups.get(contract.gid) ?? 0;
  return (owning & needed) === needed || (named & needed) === needed;
}

function wantedDefault(kind: EntryKind, has: Acl | undefined, contract: Contract): Wanted["defaultAcl"] {
  const { defaultAcl } = contract;
  if (defaultAcl === undefined) return has === undefined ? undefined : "none";
  if (has === undefined) return isExtracted(kind) ? undefined : defaultAcl;
  return sameAcl(has, defaultAcl) ? undefined : defaultAcl;
}

/** True if two ACLs say the same, in whatever order. */
export function sameAcl(a: Acl, b: Acl): boolean {
  return (
    a.owner === b.owner &&
    a.group === b.group &&
    a.other === b.other &&
    a.mask === b.mask &&
    sameEntries(a.users, b.users) &&
    sameEntries(a.groups, b.groups)
  );
}

/** True if two ACLs name the same users and groups with the same permissions; owner, others and mask follow the mode. */
export function sameButBits(a: Acl, b: Acl): boolean {
  const { owner, other, mask } = a;
  return sameAcl(a, { ...b, owner, other, ...(mask === undefined ? {} : { mask }) });
}

function sameEntries(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  return a.size === b.size && [...a].every(([id, permissions]) => b.get(id) === permissions);
}
