// Who besides its owner can read a module in the cache: everybody, or the members of a group, as the kernel would decide for one of them.
import type { Readers } from "../facts/cache.ts";
import { mayAccess } from "../permission/access.ts";
import type { Entry } from "../permission/entry.ts";
import type { Subject } from "../permission/subject.ts";
import type { Directory } from "./directory.ts";

/** UID and GID of nobody on any machine: one below (uid_t)-1, which chown(2) reserves. */
const stranger = 4294967294;

/** Who may read any of these. An answer that could not be told counts as no. */
export function readersOf(parts: readonly { readonly entry: Entry; readonly parent: Directory }[]): Readers {
  if (parts.some((part) => mayRead(part, member(stranger)))) return { everybody: true, groups: [] };
  const groups = new Set<number>();
  for (const part of parts) {
    for (const gid of groupsOf(part.entry)) {
      if (!groups.has(gid) && mayRead(part, member(gid))) groups.add(gid);
    }
  }
  return { everybody: false, groups: [...groups] };
}

/** The groups that mode and ACL name. */
function groupsOf({ uid, gid, acl }: Entry): number[] {
  // A group whose number is the owner's: login.defs(5), USERGROUPS_ENAB.
  return [...(gid === uid ? [] : [gid]), ...(acl?.groups.keys() ?? [])];
}

function member(gid: number): Subject {
  return { uid: stranger, gid, groups: [], capabilities: new Set(), umask: 0o022 };
}

function mayRead({ entry, parent }: { readonly entry: Entry; readonly parent: Directory }, subject: Subject): boolean {
  const need = entry.type === "directory" ? "execute" : "read";
  if (mayAccess(entry, subject, need).verdict !== "yes") return false;
  for (let at: Directory | undefined = parent; at !== undefined; at = at.parent) {
    if (mayAccess(at.entry, subject, "execute").verdict !== "yes") return false;
  }
  const { entries, unseen } = parent.ground.aboveAll;
  return unseen === undefined && entries.every((one) => mayAccess(one.entry, subject, "execute").verdict === "yes");
}
