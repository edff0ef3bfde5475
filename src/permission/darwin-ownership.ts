// Deleting, renaming, changing mode and owner, and making entries on macOS: vnode_authorize_delete(), vn_authorize_renamex() and
// vnode_authattr() in bsd/vfs/vfs_subr.c of XNU, kauth_acl_inherit() in bsd/kern/kern_authorization.c.
import { byAcl, byMode, mayUse, type OnDarwin, ownsOnDarwin, refuseChange } from "./darwin.ts";
import type { DarwinAcl, DarwinInheritance } from "./darwin-acl.ts";
import { type Decision, no } from "./decision.ts";
import type { Entry } from "./entry.ts";
import { inGroup, type Subject } from "./subject.ts";

/**
 * unlink(2), rmdir(2), and either side of rename(2). What the entry's own list says of `delete` counts first, then what the
 * directory's says of `delete_child`; only what both leave open is up to the directory's mode and its sticky bit.
 * @returns the decision, and whether the directory or the entry itself made it
 */
export function mayUnlinkOnDarwin(
  directory: OnDarwin,
  entry: OnDarwin,
  subject: Subject,
): { by: "directory" | "entry"; decision: Decision } {
  const kept = entry.darwin.flags.includes("sunlnk");
  if (kept) {
    const because = "it has the flag sunlnk, which the system sets on what it does not let go";
    return { by: "entry", decision: { verdict: "unknown", by: "immutable", because } };
  }
  const refused = refuseChange(entry, ["delete"]);
  if (refused !== undefined) return { by: "entry", decision: refused };
  const refusedAbove = refuseChange(directory, ["delete_child"]);
  if (refusedAbove !== undefined) return { by: "directory", decision: refusedAbove };
  if (entry.mountPoint === true) {
    return { by: "entry", decision: no("mount-point", "EBUSY", "a file system is mounted on it") };
  }
  let by: "directory" | "entry" = "entry";
  const ask = (): Decision =>
    byAcl(entry, subject, new Set(["delete"]), () => {
      by = "directory";
      return byAcl(directory, subject, new Set(["delete_child"]), (left) => {
        const decision = byMode(directory, subject, left);
        if (decision.verdict !== "yes" || !isStickyFor(directory, entry, subject)) return decision;
        by = "entry";
        return no("sticky", "EACCES", `the directory is sticky and only user ${entry.uid} may delete this`);
      });
    });
  // What decides elsewhere, and SIP, are asked for the rights as for any other; root is not asked for the lists.
  const around = mayUse(entry, { ...subject, uid: 0 }, ["delete"]);
  if (around.verdict !== "yes") return { by: "entry", decision: around };
  const above = mayUse(directory, { ...subject, uid: 0 }, ["delete_child"]);
  if (above.verdict !== "yes") return { by: "directory", decision: above };
  return subject.uid === 0 ? { by: "directory", decision: above } : { decision: ask(), by };
}

function isStickyFor(directory: Entry, entry: Entry, subject: Subject): boolean {
  return (directory.mode & 0o1000) !== 0 && !ownsOnDarwin(entry, subject) && !ownsOnDarwin(directory, subject);
}

/**
 * rename(2) within one directory, of something that may be deleted: the new name must be allowed, and a directory must itself let
 * the subject write it, even where it stays in its parent.
 */
export function mayMoveOnDarwin(directory: OnDarwin, entry: OnDarwin, subject: Subject): Decision {
  const adds = entry.type === "directory" ? "append" : "write";
  const own = entry.type === "directory" ? mayUse(entry, subject, ["append"]) : undefined;
  return own !== undefined && own.verdict !== "yes" ? own : mayUse(directory, subject, [adds]);
}

/** chmod(2), which says EPERM where the kernel's other calls say EACCES. */
export function mayChangeModeOnDarwin(entry: OnDarwin, subject: Subject): Decision {
  return asPermission(mayUse(entry, subject, ["writesecurity"]));
}

/** chown(2): nobody but root gives an entry to a third user; the owner may give it to a group that they are in. */
export function mayChangeOwnerOnDarwin(
  entry: OnDarwin,
  subject: Subject,
  to: { uid?: number; gid?: number },
): Decision {
  const changesOwner = to.uid !== undefined && to.uid !== entry.uid;
  const changesGroup = to.gid !== undefined && to.gid !== entry.gid;
  if (subject.uid !== 0 && changesOwner && to.uid !== subject.uid) {
    return no("ownership", "EPERM", "only root may give it to another user");
  }
  if (subject.uid !== 0 && changesGroup && !inGroup(subject, to.gid as number)) {
    return no("ownership", "EPERM", `only root may give it to group ${to.gid}, which user ${subject.uid} is not in`);
  }
  return asPermission(mayUse(entry, subject, [changesOwner ? "chown" : "writesecurity"]));
}

function asPermission(decision: Decision): Decision {
  return decision.errno === "EACCES" ? { ...decision, errno: "EPERM" } : decision;
}

/** stat(2) and lstat(2): everybody may, unless an entry of the list denies reading the attributes or the list. */
export function mayLookOnDarwin(entry: OnDarwin, subject: Subject): Decision {
  return mayUse(entry, subject, ["readattr", "readsecurity"]);
}

/** open(2) with O_CREAT, or mkdir(2). */
export function mayMakeOnDarwin(directory: OnDarwin, subject: Subject, type: Entry["type"]): Decision {
  return mayUse(directory, subject, [type === "directory" ? "append" : "write"]);
}

/** The list of a new entry: what the directory hands on, in its order, marked as inherited. */
export function inheritedAcl(directory: DarwinAcl, isDirectory: boolean): DarwinAcl {
  const handsOn: DarwinInheritance = isDirectory ? "directory_inherit" : "file_inherit";
  return directory.flatMap((ace): DarwinAcl => {
    // Of a line that is not known it is not known either whether it is handed on.
    if ("unread" in ace) return [ace];
    if (!ace.inherits.has(handsOn)) return [];
    const inherits = new Set(isDirectory && !ace.inherits.has("limit_inherit") ? ace.inherits : []);
    inherits.delete("only_inherit");
    return [{ ...ace, inherits, inherited: true }];
  });
}

/** True if what is made in a directory gets rights by an entry of its list, whatever the umask; false on other systems. */
export function handsOnAllow({ darwin }: Pick<Entry, "darwin">, how: "file_inherit" | "directory_inherit"): boolean {
  return darwin?.acl.some((ace) => !("unread" in ace) && ace.kind === "allow" && ace.inherits.has(how)) === true;
}

/** A new entry has its directory's group whatever the mode of that is; the umask counts whatever is inherited. */
export function createdOnDarwin(
  directory: OnDarwin,
  subject: Subject,
  type: Entry["type"],
  mode: number,
  now: number,
): Entry {
  const flags = directory.darwin.flags.filter((flag) => flag === "restricted" || flag === "datavault");
  const { protection } = directory.darwin;
  return {
    type,
    uid: subject.uid,
    gid: directory.gid,
    mode: type === "symlink" ? 0o755 : mode & 0o7777 & ~subject.umask,
    links: 1,
    size: 0,
    modified: now,
    darwin: {
      acl: inheritedAcl(directory.darwin.acl, type === "directory"),
      flags,
      ...(protection === undefined ? {} : { protection }),
    },
    ...(directory.mount === undefined ? {} : { mount: directory.mount }),
  };
}
