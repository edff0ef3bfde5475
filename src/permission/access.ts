// May a subject read, write or enter one entry? The kernel's own order of questions (fs/namei.c inode_permission,
// acl_permission_check, generic_permission; fs/posix_acl.c posix_acl_permission), and who answered.
import { type Acl, formatPermissions, type Permissions } from "./acl.ts";
import { isOnDarwin, mayAccessOnDarwin } from "./darwin.ts";
import { type Ask, type Decision, judge, type Need, no } from "./decision.ts";
import type { Entry } from "./entry.ts";
import { decidesElsewhere, isNetwork, refusesBeyond } from "./mount.ts";
import { type Capability, type IdRange, inGroup, isFullMap, type Subject } from "./subject.ts";

const needBits: Record<Need, Permissions> = { read: 4, write: 2, execute: 1 };

/** Decides one need on one entry, as if every directory above it let the subject through. */
export function mayAccess(entry: Entry, subject: Subject, need: Need): Decision {
  if (isOnDarwin(entry)) return mayAccessOnDarwin(entry, subject, [need]);
  const { mount } = entry;
  if (need === "write") {
    const refusal = refuseWrite(entry, subject);
    if (refusal !== undefined) return refusal;
  }
  if (need === "execute" && entry.type === "file" && mount?.noexec === true) {
    return no("noexec-mount", "EACCES", `${mount.mountPoint} is mounted noexec`);
  }
  const elsewhere = decidedElsewhere(entry);
  if (elsewhere !== undefined) return elsewhere;

  const byMode = decideByClass(entry, subject, needBits[need]);
  if (byMode.verdict === "yes") return granted(entry, byMode);
  const capability = capabilityFor(entry, need);
  if (!subject.capabilities.has(capability.name) && !capability.also.some((name) => subject.capabilities.has(name))) {
    return byMode;
  }
  if (need === "execute" && entry.type !== "directory" && (entry.mode & 0o111) === 0) {
    return no("type", "EACCES", "no execute bit is set, so not even CAP_DAC_OVERRIDE may execute it");
  }
  const held = [capability.name, ...capability.also].find((name) => subject.capabilities.has(name)) as Capability;
  return decideByCapability(entry, subject, held, byMode);
}

/** Decides an open(2) that needs one thing or two. */
export function mayOpen(entry: Entry, subject: Subject, needs: readonly ("read" | "write")[]): Decision {
  if (isOnDarwin(entry)) return mayAccessOnDarwin(entry, subject, needs);
  const decisions = needs.map((need) => mayAccess(entry, subject, need));
  return decisions.find(({ verdict }) => verdict !== "yes") ?? (decisions.at(-1) as Decision);
}

/** The answer where neither modes nor owners decide. */
export function decidedElsewhere({ mount }: Entry): Decision | undefined {
  const because = mount === undefined ? undefined : decidesElsewhere(mount);
  return because === undefined ? undefined : { verdict: "unknown", by: "mount", because };
}

/** What the kernel grants, unless the mount's server has a word too. */
export function granted({ mount }: Entry, decision: Decision): Decision {
  const because = mount === undefined ? undefined : refusesBeyond(mount);
  return because === undefined ? decision : { verdict: "unknown", by: "mount", because };
}

/** What refuses a write before any permission bit is looked at. */
export function refuseWrite(entry: Entry, subject: Subject): Decision | undefined {
  const { mount } = entry;
  if (mount?.readOnly === true && ["file", "directory", "symlink"].includes(entry.type)) {
    return no("read-only-mount", "EROFS", `${mount.mountPoint} is mounted read-only`);
  }
  if (entry.immutable === true) return no("immutable", "EPERM", "it has the immutable attribute (chattr +i)");
  if (ownerMapping(entry, subject) === "unmapped") {
    return no("unmapped-owner", "EACCES", "its owner does not exist in this user namespace");
  }
  return undefined;
}

/** Uses a capability where the permission bits said no; it counts only over IDs that the subject's user namespace knows. */
export function decideByCapability(entry: Entry, subject: Subject, held: Capability, otherwise: Decision): Decision {
  const mapping = ownerMapping(entry, subject);
  if (mapping === "unmapped") return otherwise;
  const name = `CAP_${held.toUpperCase()}`;
  if (mapping === "unknown") {
    return {
      verdict: "unknown",
      by: "unmapped-owner",
      because: `${name} counts only if the owner ${entry.uid} exists in this user namespace`,
    };
  }
  if (entry.mount !== undefined && isNetwork(entry.mount)) {
    return {
      verdict: "unknown",
      by: "mount",
      because: `${entry.mount.mountPoint} is ${entry.mount.type}: the server may not honour ${name} (root_squash)`,
    };
  }
  return granted(entry, { verdict: "yes", by: "capability", because: `${name} overrides: ${otherwise.because}` });
}

/** The overflow ID that the kernel shows for an owner outside the user namespace (/proc/sys/kernel/overflowuid). */
const overflowId = 65534;

function ownerMapping(entry: Entry, subject: Subject): "mapped" | "unmapped" | "unknown" {
  if (isFullMap(subject.uidMap) && isFullMap(subject.gidMap)) return "mapped";
  const state = (id: number, map: readonly IdRange[] | undefined): "mapped" | "unmapped" | "unknown" => {
    if (isFullMap(map)) return "mapped";
    const known = (map ?? []).some((range) => id >= range.inside && id < range.inside + range.count);
    if (id === overflowId) return known ? "unknown" : "unmapped";
    return known ? "mapped" : "unmapped";
  };
  const states = [state(entry.uid, subject.uidMap), state(entry.gid, subject.gidMap)];
  if (states.includes("unmapped")) return "unmapped";
  return states.includes("unknown") ? "unknown" : "mapped";
}

function capabilityFor(entry: Entry, need: Need): { name: Capability; also: readonly Capability[] } {
  const readOnlyNeed = entry.type === "directory" ? need !== "write" : need === "read";
  return readOnlyNeed ? { name: "dac_override", also: ["dac_read_search"] } : { name: "dac_override", also: [] };
}

/** The class of the subject (owner, ACL entry, group, other), and whether it grants the bits. */
function decideByClass(entry: Entry, subject: Subject, want: Permissions): Decision {
  const { mode } = entry;
  if (entry.uid === subject.uid) return judge("owner", `owner ${entry.uid}`, (mode >> 6) & 7, want);
  // fs/namei.c looks at the ACL only if the group bits (which hold the mask) are not all zero.
  const acl = (mode & 0o070) === 0 ? undefined : entry.acl;
  if (acl !== undefined) return decideByAcl(entry, acl, subject, want);
  if (inGroup(subject, entry.gid)) return judge("group", `group ${entry.gid}`, (mode >> 3) & 7, want);
  return judge("other", "others", mode & 7, want);
}

function decideByAcl(entry: Entry, acl: Acl, subject: Subject, want: Permissions): Decision {
  const mask = acl.mask ?? 7;
  const masked = (by: "acl-user" | "acl-group", who: string, permissions: Permissions): Decision => {
    const unmasked = judge(by, who, permissions, want);
    if (unmasked.verdict === "no" || (permissions & mask & want) === want) return unmasked;
    return no(
      "acl-mask",
      "EACCES",
      `the ACL gives ${who} ${formatPermissions(permissions)}, but its mask is ${formatPermissions(mask)}`,
    );
  };
  const user = acl.users.get(subject.uid);
  if (user !== undefined) return masked("acl-user", `user ${subject.uid}`, user);
  let refused: Decision | undefined;
  const groups: [number, Permissions][] = [[entry.gid, acl.group], ...acl.groups];
  for (const [gid, permissions] of groups) {
    if (!inGroup(subject, gid)) continue;
    const decision = masked("acl-group", `group ${gid}`, permissions);
    // The first group entry that has every wanted bit decides, the mask included; one that lacks a bit is passed over.
    if ((permissions & want) === want) return decision;
    refused ??= decision;
  }
  return refused ?? judge("acl-other", "others", acl.other, want);
}

/** "cannot read", in the words of a report. */
export function verbOf(need: Ask, entry: Pick<Entry, "type">): string {
  return need === "execute" && entry.type === "directory" ? "enter" : need;
}
