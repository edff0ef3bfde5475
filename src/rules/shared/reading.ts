// What go reads of the cache, and what a subject may not read of that.
import type { CacheEntry } from "../../facts/cache.ts";
import type { Facts } from "../../facts/facts.ts";
import type { EntryKind } from "../../gocache/kind.ts";
import { mayAccess } from "../../permission/access.ts";
import type { Acl } from "../../permission/acl.ts";
import type { Need } from "../../permission/decision.ts";
import type { Entry } from "../../permission/entry.ts";

/** The kinds without which some go command fails or needs the network. Locks and lists are only ever written. */
export const readByGo: readonly EntryKind[] = [
  "root",
  "directory",
  "version-directory",
  "info",
  "mod",
  "zip",
  "ziphash",
  "module-directory",
  "source-directory",
  "source-file",
  "toolchain-binary",
];

/** read 4, execute 1, as go needs them: only extracted directories are listed, the others are passed through. */
export function bitsNeeded({ kind, entry }: CacheEntry): number {
  if (entry.type !== "directory") return 4;
  return kind === "module-directory" || kind === "source-directory" ? 5 : 1;
}

/** What go needs of the entry and the subject does not get; undefined if it gets it all. */
export function refusedRead(seen: CacheEntry, facts: Facts): Need | undefined {
  const { entry } = seen;
  const { subject } = facts.subject;
  if (entry.type === "symlink") return undefined;
  const bits = bitsNeeded(seen);
  // A list of macOS may deny what the mode grants.
  if ((entry.darwin?.acl.length ?? 0) > 0) return refusedBits(entry, facts, bits);
  // Nearly all entries of a healthy cache end here: no mount refuses a read that the mode grants to everybody.
  if (has(entry.mode, bits * 0o111) && (entry.acl === undefined || everyEntryHas(entry.acl, bits))) return undefined;
  if (entry.uid === subject.uid && has(entry.mode, bits << 6)) return undefined;
  return refusedBits(entry, facts, bits);
}

function refusedBits(entry: Entry, facts: Facts, bits: number): Need | undefined {
  const { subject } = facts.subject;
  if ((bits & 4) !== 0 && mayAccess(entry, subject, "read").verdict === "no") return "read";
  if ((bits & 1) !== 0 && mayAccess(entry, subject, "execute").verdict === "no") return "execute";
  return undefined;
}

/** The group bits of the mode are the mask, so the caller has looked at that. */
function everyEntryHas(acl: Acl, bits: number): boolean {
  if (!has(acl.group, bits)) return false;
  for (const permissions of acl.users.values()) if (!has(permissions, bits)) return false;
  for (const permissions of acl.groups.values()) if (!has(permissions, bits)) return false;
  return true;
}

function has(mode: number, wanted: number): boolean {
  return (mode & wanted) === wanted;
}
