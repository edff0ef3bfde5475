// What is asked, and how a decision is put: what the rules of Linux and of macOS share.
import { formatPermissions, type Permissions } from "./acl.ts";

export type Verdict = "yes" | "no" | "unknown";

/** What is asked of one entry. On a directory, `execute` means enter (search). */
export type Need = "read" | "write" | "execute";

/** Everything that can be asked about a path. `lock` is what lockedfile of Go does: open for reading and writing, creating it. */
export type Ask = Need | "create" | "delete" | "rename" | "chmod" | "chown" | "lock";

/** The rule that decided. */
export type DecidedBy =
  | "owner"
  | "group"
  | "other"
  | "acl-user"
  | "acl-group"
  | "acl-mask"
  | "acl-other"
  // Of macOS, whose lists allow and deny by entries, and where root needs no capabilities.
  | "acl-allow"
  | "acl-deny"
  | "acl-unread"
  | "superuser"
  | "restricted"
  | "capability"
  | "read-only-mount"
  | "noexec-mount"
  | "immutable"
  | "append-only"
  | "unmapped-owner"
  | "sticky"
  | "ownership"
  | "protected-regular"
  | "protected-symlinks"
  | "mount-point"
  | "type"
  | "security-module"
  | "mount"
  | "link-count";

export type Errno =
  | "EACCES"
  | "EPERM"
  | "EROFS"
  | "ENOENT"
  | "ENOTDIR"
  | "EISDIR"
  | "EEXIST"
  | "ELOOP"
  | "ENOTEMPTY"
  | "EBUSY"
  | "ENXIO"
  | "EXDEV"
  | "ENAMETOOLONG";

export interface Decision {
  readonly verdict: Verdict;
  readonly by: DecidedBy;
  /** The error of the system call, when the verdict is no. */
  readonly errno?: Errno;
  /** One clause: "group 3000 has r-x". */
  readonly because: string;
  /** The place of the entry that decided in an ACL of macOS. */
  readonly ace?: number;
}

export function no(by: DecidedBy, errno: Errno, because: string): Decision {
  return { verdict: "no", by, errno, because };
}

/** Whether three permission bits grant what is wanted. */
export function judge(by: DecidedBy, who: string, permissions: Permissions, want: Permissions): Decision {
  const because = `${who} ${who === "others" ? "have" : "has"} ${formatPermissions(permissions)}`;
  return (permissions & want) === want ? { verdict: "yes", by, because } : no(by, "EACCES", because);
}
