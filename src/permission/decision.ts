// How a decision is put: what the rules of Linux and of macOS share.
import type { DecidedBy, Decision, Errno } from "./access.ts";
import { formatPermissions, type Permissions } from "./acl.ts";

export function no(by: DecidedBy, errno: Errno, because: string): Decision {
  return { verdict: "no", by, errno, because };
}

/** Whether three permission bits grant what is wanted. */
export function judge(by: DecidedBy, who: string, permissions: Permissions, want: Permissions): Decision {
  const because = `${who} ${who === "others" ? "have" : "has"} ${formatPermissions(permissions)}`;
  return (permissions & want) === want ? { verdict: "yes", by, because } : no(by, "EACCES", because);
}
