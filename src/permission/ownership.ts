// What depends on who owns an entry rather than on its bits: deleting in sticky directories, chmod(2), chown(2), creating opens.
import { decideByCapability, decidedElsewhere, granted, mayAccess, refuseWrite } from "./access.ts";
import { isOnDarwin } from "./darwin.ts";
import {
  mayChangeModeOnDarwin,
  mayChangeOwnerOnDarwin,
  mayLookOnDarwin,
  mayMakeOnDarwin,
  mayMoveOnDarwin,
  mayUnlinkOnDarwin,
} from "./darwin-ownership.ts";
import { type Decision, no } from "./decision.ts";
import type { Entry } from "./entry.ts";
import type { Subject } from "./subject.ts";

/**
 * O_CREAT on an existing file of somebody else in a sticky directory: may_create_in_sticky() of fs/namei.c.
 * @param level the value of fs.protected_regular
 */
export function mayCreateInSticky(
  directory: { path: string; entry: Entry },
  entry: Entry,
  subject: Subject,
  level: number,
): Decision {
  const { mode, uid } = directory.entry;
  const allowed: Decision = { verdict: "yes", by: "protected-regular", because: "fs.protected_regular does not apply" };
  if (entry.type !== "file" || (mode & 0o1000) === 0 || level === 0) return allowed;
  if (entry.uid === uid || entry.uid === subject.uid) return allowed;
  if ((mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && level >= 2)) {
    const because = `fs.protected_regular=${level} forbids creating opens of user ${entry.uid}'s file in the sticky directory ${directory.path}`;
    return no("protected-regular", "EACCES", because);
  }
  return allowed;
}

/** Only the owner (or CAP_FOWNER) may delete from, or rename in, a sticky directory: check_sticky() of fs/namei.c. */
function mayDeleteSticky(directory: Entry, entry: Entry, subject: Subject): Decision {
  const allowed: Decision = {
    verdict: "yes",
    by: "sticky",
    because: "the directory is not sticky, or its rule is met",
  };
  if ((directory.mode & 0o1000) === 0) return allowed;
  if (entry.uid === subject.uid || directory.uid === subject.uid) return allowed;
  const refused = no("sticky", "EPERM", `the directory is sticky and only user ${entry.uid} may delete this`);
  return subject.capabilities.has("fowner") ? decideByCapability(entry, subject, "fowner", refused) : refused;
}

/**
 * unlink(2), rmdir(2), and either side of rename(2): may_delete() of fs/namei.c.
 * @returns the decision, and whether the directory or the entry itself made it
 */
export function mayUnlink(
  directory: Entry,
  entry: Entry,
  subject: Subject,
): { by: "directory" | "entry"; decision: Decision } {
  if (isOnDarwin(directory) && isOnDarwin(entry)) return mayUnlinkOnDarwin(directory, entry, subject);
  const write = mayAccess(directory, subject, "write");
  if (write.verdict !== "yes") return { by: "directory", decision: write };
  if (directory.appendOnly === true) {
    return { by: "directory", decision: no("append-only", "EPERM", "it is append-only (chattr +a)") };
  }
  const sticky = mayDeleteSticky(directory, entry, subject);
  if (sticky.verdict !== "yes") return { by: "entry", decision: sticky };
  if (entry.immutable === true || entry.appendOnly === true) {
    const by = entry.immutable === true ? "immutable" : "append-only";
    return { by: "entry", decision: no(by, "EPERM", `it is ${by} (chattr)`) };
  }
  if (entry.mountPoint === true) {
    return { by: "entry", decision: no("mount-point", "EBUSY", "a file system is mounted on it") };
  }
  return { by: "directory", decision: write };
}

/** rename(2) of something that may be unlinked: what it needs besides. */
export function mayMove(directory: Entry, entry: Entry, subject: Subject): Decision {
  if (isOnDarwin(directory) && isOnDarwin(entry)) return mayMoveOnDarwin(directory, entry, subject);
  return mayAccess(directory, subject, "write");
}

/** Making something in a directory. */
export function mayMake(directory: Entry, subject: Subject, type: Entry["type"]): Decision {
  return isOnDarwin(directory) ? mayMakeOnDarwin(directory, subject, type) : mayAccess(directory, subject, "write");
}

/** stat(2), which Linux lets everybody do who gets there. */
export function mayLook(entry: Entry, subject: Subject): Decision {
  if (isOnDarwin(entry)) return mayLookOnDarwin(entry, subject);
  return { verdict: "yes", by: "type", because: "stat(2) needs no right on the entry itself" };
}

/** chmod(2): the owner or CAP_FOWNER. */
export function mayChangeMode(entry: Entry, subject: Subject): Decision {
  if (isOnDarwin(entry)) return mayChangeModeOnDarwin(entry, subject);
  const refusal = refuseWrite(entry, subject) ?? decidedElsewhere(entry);
  if (refusal !== undefined) return refusal;
  if (entry.appendOnly === true) return no("append-only", "EPERM", "it is append-only (chattr +a)");
  if (entry.uid === subject.uid)
    return granted(entry, { verdict: "yes", by: "ownership", because: `user ${subject.uid} owns it` });
  const refused = no("ownership", "EPERM", `only its owner, user ${entry.uid}, may change its mode`);
  return subject.capabilities.has("fowner") ? decideByCapability(entry, subject, "fowner", refused) : refused;
}

/** chown(2): a new owner needs CAP_CHOWN; a new group needs it too, unless the owner is in that group. */
export function mayChangeOwner(entry: Entry, subject: Subject, to: { uid?: number; gid?: number }): Decision {
  if (isOnDarwin(entry)) return mayChangeOwnerOnDarwin(entry, subject, to);
  const refusal = refuseWrite(entry, subject) ?? decidedElsewhere(entry);
  if (refusal !== undefined) return refusal;
  const keepsOwner = to.uid === undefined || to.uid === entry.uid;
  const ownGroup =
    to.gid === undefined || to.gid === entry.gid || to.gid === subject.gid || subject.groups.includes(to.gid);
  if (entry.uid === subject.uid && keepsOwner && ownGroup) {
    return granted(entry, {
      verdict: "yes",
      by: "ownership",
      because: `user ${subject.uid} owns it and is in the group`,
    });
  }
  const refused = no(
    "ownership",
    "EPERM",
    keepsOwner
      ? "only its owner, and only to a group of theirs, may change its group"
      : "changing the owner needs CAP_CHOWN",
  );
  return subject.capabilities.has("chown") ? decideByCapability(entry, subject, "chown", refused) : refused;
}
