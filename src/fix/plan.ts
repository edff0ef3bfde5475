// What is to be done to bring a cache under its contract, as plain values: nothing here looks at the machine.
import type { Contract } from "../contract/contract.ts";
import type { Wanted } from "../contract/departure.ts";
import type { EntryKind } from "../gocache/kind.ts";
import type { EntryAcls } from "../permission/acl.ts";
import type { ContentRepair } from "./content.ts";

/** What was seen of an entry, and what it should be. */
export interface Repair {
  readonly name: string;
  readonly kind: EntryKind;
  readonly seen: {
    readonly isDirectory: boolean;
    readonly ino: number | bigint;
    readonly ctime: number;
    readonly birthtime: number;
    readonly uid: number;
    readonly gid: number;
    readonly mode: number;
    readonly links: number;
    readonly acls?: EntryAcls;
  };
  readonly wanted: Wanted;
}

/** The repairs in one directory. */
export interface DirectoryRepairs {
  /** Its names below GOMODCACHE, from the top; empty for GOMODCACHE itself. */
  readonly names: readonly string[];
  readonly changes: readonly Repair[];
}

/** Why something that departs is not touched. */
export type RefusalReason =
  | "foreign-owner"
  | "hard-link"
  | "linkable"
  | "set-id"
  | "special-file"
  | "symlink"
  | "half-extracted"
  | "unmapped-owner";

export interface Refused {
  /** Absolute, as it is shown. */
  readonly path: string;
  readonly reason: RefusalReason;
  readonly uid: number;
}

/** A directory above the cache through which the owner does not get to it. */
export interface ClosedDirectory {
  /** Absolute. */
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  /** `drwx------`. */
  readonly mode: string;
  readonly because: string;
  /** Each of them would let the owner through; the smallest grant first. */
  readonly commands: readonly string[];
}

/** Repairs of one cache, whatever they go by: a contract, or the journal of a run that is taken back. */
export interface Repairs {
  /** GOMODCACHE without links. */
  readonly root: string;
  /** What GOMODCACHE itself needs; its name is empty. */
  readonly rootRepair?: Repair;
  /** Parents before what they hold. */
  readonly directories: readonly DirectoryRepairs[];
  /** How many entries were looked at. */
  readonly entries: number;
}

export interface Plan extends Repairs {
  readonly contract: Contract;
  /** Repairs that this user may not make. */
  readonly beyond: readonly DirectoryRepairs[];
  readonly refused: readonly Refused[];
  /** Contents to be removed, so that go makes them anew. */
  readonly contents: readonly ContentRepair[];
  /** Why some of the broken contents stay, a sentence each. */
  readonly staying: readonly string[];
  /** What could not be seen, a sentence each. */
  readonly unseen: readonly string[];
  /** False if only the top of the cache was looked at, because its owner and group match already. */
  readonly whole: boolean;
  /** What is closed above the cache, from `/` down; somebody else has to open it. */
  readonly closed: readonly ClosedDirectory[];
}

/** An entry that is not as it should be after all. */
export interface Trouble {
  /** As it is shown. */
  readonly path: string;
  readonly status: "skipped" | "failed";
  readonly reason: string;
  readonly code?: string;
}

export interface Applied {
  /** The ID of the run, for `undo`; absent without a journal, or if there was nothing to do. */
  readonly id?: string;
  readonly changed: number;
  /** Files and trees of broken contents. */
  readonly removed: number;
  /** All that was not changed is counted; the first of it is named. */
  readonly skipped: number;
  readonly failed: number;
  readonly troubles: readonly Trouble[];
}

/** All repairs with the directories that they are in; that of GOMODCACHE itself first. */
export function* repairsOf(
  plan: Pick<Repairs, "rootRepair" | "directories">,
): Generator<{ names: readonly string[]; repair: Repair }> {
  if (plan.rootRepair !== undefined) yield { names: [], repair: plan.rootRepair };
  for (const { names, changes } of plan.directories) for (const repair of changes) yield { names, repair };
}

export function countRepairs(plan: Pick<Repairs, "rootRepair" | "directories">): number {
  return (plan.rootRepair === undefined ? 0 : 1) + count(plan.directories);
}

export function count(directories: readonly DirectoryRepairs[]): number {
  return directories.reduce((sum, { changes }) => sum + changes.length, 0);
}

/** Parents first: the names compared one by one, so that a directory comes right before what is in it. */
export function byPath(a: { readonly names: readonly string[] }, b: { readonly names: readonly string[] }): number {
  const length = Math.min(a.names.length, b.names.length);
  for (let at = 0; at < length; at += 1) {
    const [x, y] = [a.names[at] as string, b.names[at] as string];
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.names.length - b.names.length;
}
