// What a new file or directory will look like: inode_init_owner (fs/inode.c) and posix_acl_create (fs/posix_acl.c).
import type { Acl } from "./acl.ts";
import { isOnDarwin } from "./darwin.ts";
import { createdOnDarwin } from "./darwin-ownership.ts";
import type { Entry } from "./entry.ts";
import { inGroup, type Subject } from "./subject.ts";

export interface NewEntry {
  readonly type: "file" | "directory" | "symlink";
  /** The mode given to open(2) or mkdir(2), before umask and default ACL. */
  readonly mode: number;
}

/**
 * The entry that the subject gets when it creates something in a directory.
 * A default ACL replaces the umask; a setgid directory hands on its group, and setgid itself to directories.
 */
export function createdEntry(parent: Entry, subject: Subject, created: NewEntry, now = 0): Entry {
  if (isOnDarwin(parent)) return createdOnDarwin(parent, subject, created.type, created.mode, now);
  const setgid = (parent.mode & 0o2000) !== 0;
  const gid = setgid ? parent.gid : subject.gid;
  let mode = created.mode & 0o7777;
  if (created.type === "directory") {
    if (setgid) mode |= 0o2000;
  } else if ((mode & 0o2010) === 0o2010 && !inGroup(subject, gid) && !subject.capabilities.has("fsetid")) {
    mode &= ~0o2000;
  }
  const base = { type: created.type, uid: subject.uid, gid, links: 1, size: 0, modified: now };
  const mount = parent.mount === undefined ? {} : { mount: parent.mount };
  if (created.type === "symlink") return { mode: 0o777, ...base, ...mount };
  if (parent.defaultAcl === undefined) return { mode: mode & ~subject.umask, ...base, ...mount };
  const { acl, permissions } = inheritAcl(parent.defaultAcl, mode);
  return {
    mode: (mode & ~0o777) | permissions,
    ...base,
    ...(acl === undefined ? {} : { acl }),
    ...(created.type === "directory" ? { defaultAcl: parent.defaultAcl } : {}),
    ...mount,
  };
}

/** The access ACL from a default ACL and the requested mode: owner, mask (or group) and other are cut down to the mode. */
function inheritAcl(inherited: Acl, mode: number): { acl: Acl | undefined; permissions: number } {
  const owner = inherited.owner & (mode >> 6) & 7;
  const other = inherited.other & mode & 7;
  if (inherited.mask === undefined) {
    const group = inherited.group & (mode >> 3) & 7;
    const extended = inherited.users.size > 0 || inherited.groups.size > 0;
    const acl = extended ? { ...inherited, owner, group, other } : undefined;
    return { acl, permissions: (owner << 6) | (group << 3) | other };
  }
  const mask = inherited.mask & (mode >> 3) & 7;
  return { acl: { ...inherited, owner, mask, other }, permissions: (owner << 6) | (mask << 3) | other };
}

/** What chmod(2) makes of an entry: the group bits of the mode become the mask of an ACL; that of macOS stays as it is. */
export function chmodEntry(entry: Entry, mode: number): Entry {
  // Field by field: an entry may look its ACL up, which a spread would not see.
  const { type, uid, gid, links, size, modified, mount, mountPoint, acl, defaultAcl, darwin } = entry;
  const changed = acl === undefined ? undefined : chmodAcl(acl, mode);
  return {
    acl: changed,
    ...{ type, uid, gid, mode, links, size, modified, defaultAcl },
    ...(darwin === undefined ? {} : { darwin }),
    ...(mount === undefined ? {} : { mount }),
    ...(mountPoint === undefined ? {} : { mountPoint }),
  };
}

function chmodAcl(acl: Acl, mode: number): Acl {
  const [owner, group, other] = [(mode >> 6) & 7, (mode >> 3) & 7, mode & 7];
  return acl.mask === undefined ? { ...acl, owner, group, other } : { ...acl, owner, mask: group, other };
}
