// Who besides its owner may write an entry, by mode or ACL.
import type { CacheEntry } from "../../facts/cache.ts";
import type { Facts } from "../../facts/facts.ts";
import type { Fix } from "../../finding/finding.ts";
import { mayAccess } from "../../permission/access.ts";
import type { Entry } from "../../permission/entry.ts";
import { decidesElsewhere, decidesElsewhereOnDarwin } from "../../permission/mount.ts";
import type { Hits } from "../rule.ts";
import { groupName, subjectName, userName } from "./say.ts";
import { findInCache, useOwnCache } from "./shell.ts";

/**
 * True if somebody else than the owner may write.
 * A group whose number is the owner's is taken for the owner's private group (login.defs(5), USERGROUPS_ENAB).
 */
export function othersMayWrite(entry: Entry): boolean {
  const { mode, acl } = entry;
  if ((mode & 0o022) === 0) return false;
  if ((mode & 0o002) !== 0) return true;
  if (acl === undefined) return entry.gid !== entry.uid;
  const mask = acl.mask ?? 7;
  if ((acl.group & mask & 2) !== 0 && entry.gid !== entry.uid) return true;
  for (const [uid, permissions] of acl.users) if ((permissions & mask & 2) !== 0 && uid !== entry.uid) return true;
  for (const permissions of acl.groups.values()) if ((permissions & mask & 2) !== 0) return true;
  return false;
}

/** `group devs (3000)`, `every user`, `app (1000) and group 3000`: who besides the owner may write. */
export function writersOf(entry: Entry, facts: Facts): string {
  if ((entry.mode & 0o002) !== 0) return "every user";
  if (entry.acl === undefined) return `group ${groupName(entry.gid, facts)}`;
  const mask = entry.acl.mask ?? 7;
  const mayWrite = ([, permissions]: [number, number]): boolean => (permissions & mask & 2) !== 0;
  const groups = new Map([...entry.acl.groups]);
  if (entry.gid !== entry.uid && !groups.has(entry.gid)) groups.set(entry.gid, entry.acl.group);
  return [
    ...[...entry.acl.users].filter(mayWrite).map(([uid]) => userName(uid, facts)),
    ...[...groups].filter(mayWrite).map(([gid]) => `group ${groupName(gid, facts)}`),
  ].join(" and ");
}

/** True if somebody may write the directory and not the file in it, or the subject may not. */
export function isStricterThanDirectory({ entry, parent, reachable }: CacheEntry, facts: Facts): boolean {
  if (parent === undefined || entry.type !== "file") return false;
  // What a list of macOS lets others do is asked of the subject alone.
  const byList = (entry.darwin?.acl.length ?? 0) > 0;
  if (!byList && othersMayWrite(parent) && !everyWriterOf(parent, entry)) return true;
  const { subject } = facts.subject;
  if (entry.uid === subject.uid || reachable.verdict !== "yes") return false;
  return mayAccess(parent, subject, "write").verdict === "yes" && isRefused(entry, facts);
}

/** True if a write is refused to the subject by permissions; a mount that forbids it to everybody is another matter. */
export function isRefused(entry: Entry, facts: Facts): boolean {
  const decision = mayAccess(entry, facts.subject.subject, "write");
  return decision.verdict === "no" && decision.by !== "read-only-mount" && decision.by !== "unmapped-owner";
}

function everyWriterOf(directory: Entry, file: Entry): boolean {
  if ((file.mode & 0o002) !== 0) return true;
  if ((directory.mode & 0o002) !== 0) return false;
  const { acl } = directory;
  const mask = acl?.mask ?? 7;
  const groupBits = acl === undefined ? (directory.mode >> 3) & 7 : acl.group & mask;
  if ((groupBits & 2) !== 0 && directory.gid !== directory.uid && !groupMayWrite(file, directory.gid)) return false;
  for (const [gid, permissions] of acl?.groups ?? []) {
    if ((permissions & mask & 2) !== 0 && !groupMayWrite(file, gid)) return false;
  }
  for (const [uid, permissions] of acl?.users ?? []) {
    if ((permissions & mask & 2) !== 0 && uid !== file.uid && !userMayWrite(file, uid)) return false;
  }
  return true;
}

function groupMayWrite(file: Entry, gid: number): boolean {
  if ((file.mode & 0o020) === 0) return false;
  if (file.acl === undefined) return file.gid === gid;
  const mask = file.acl.mask ?? 7;
  if (file.gid === gid && (file.acl.group & mask & 2) !== 0) return true;
  return ((file.acl.groups.get(gid) ?? 0) & mask & 2) !== 0;
}

function userMayWrite(file: Entry, uid: number): boolean {
  return (file.mode & 0o020) !== 0 && ((file.acl?.users.get(uid) ?? 0) & (file.acl?.mask ?? 7) & 2) !== 0;
}

/** Gives files the writers of their directories. `name` is a find pattern such as `*.lock`. */
export function fixesForStricterFiles(hits: Hits<CacheEntry>, facts: Facts, name: string): Fix[] {
  const first = hits.examples[0];
  const parent = first?.parent;
  if (parent === undefined) return [];
  const files = `-type f -name '${name}'`;
  const find = (expression: string): string => findInCache(facts, `${files} ${expression}`, "/cache/download");
  const { uid } = facts.subject.subject;
  if (!othersMayWrite(parent)) {
    const title = `Give them to ${subjectName(facts)}, who owns the directories`;
    return [{ title, disposition: "safe", command: find(`! -user ${uid} -exec chown -h ${uid} {} +`) }];
  }
  if ((parent.mode & 0o002) !== 0) {
    const title = "As each user, have an own cache: a directory that every user can write is no way to share";
    return [{ title, disposition: "safe", command: useOwnCache(facts) }];
  }
  if (parent.acl !== undefined) {
    const mask = parent.acl.mask ?? 7;
    const entries = [
      ...[...parent.acl.users].filter(([, bits]) => bits & mask & 2).map(([id]) => `u:${id}:rw`),
      ...[...parent.acl.groups].filter(([, bits]) => bits & mask & 2).map(([id]) => `g:${id}:rw`),
      ...(parent.acl.group & mask & 2 ? ["g::rw"] : []),
    ].join(",");
    const title = "Give them the ACL of their directories";
    return [{ title, disposition: "safe", command: find(`-exec setfacl -m ${entries} {} +`) }];
  }
  const title = `Give group ${groupName(parent.gid, facts)} the files too`;
  const members = find(`! -group ${parent.gid} -exec chgrp -h ${parent.gid} {} +`);
  const writable = find("! -perm -020 -exec chmod g+w {} +");
  const strangers = hits.examples.some(({ entry }) => entry.gid !== parent.gid);
  return [{ title, disposition: "safe", command: strangers ? `${members} && ${writable}` : writable }];
}

/** Names the owners of examples: `root (0)`, `root (0) and app (1000)`. */
export function ownersOf(hits: Hits<CacheEntry>, facts: Facts): string {
  const owners = [...new Set(hits.examples.map(({ entry }) => entry.uid))].map((uid) => userName(uid, facts));
  return owners.length <= 2 ? owners.join(" and ") : `${owners.slice(0, 2).join(", ")} and others`;
}

/** Why a rule about one user's rights could not look: something else than modes and ACLs decides. */
export function blockedByMount(facts: Facts): string | undefined {
  const { mount } = facts.cache;
  if (mount === undefined) return undefined;
  return facts.platform === "darwin" ? decidesElsewhereOnDarwin(mount) : decidesElsewhere(mount);
}
