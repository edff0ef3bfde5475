// POSIX.1e access control lists as acl(5) describes them, and the text that getfacl(1) prints.

import type { DarwinState } from "./darwin-steps.ts";

/** rwx as three bits: read 4, write 2, execute or search 1. */
export type Permissions = number;

export interface Acl {
  readonly owner: Permissions;
  readonly users: ReadonlyMap<number, Permissions>;
  readonly group: Permissions;
  readonly groups: ReadonlyMap<number, Permissions>;
  /** Bounds every entry but owner and other. Present whenever there is a named user or group. */
  readonly mask?: Permissions;
  readonly other: Permissions;
}

export interface EntryAcls {
  acl?: Acl;
  defaultAcl?: Acl;
  /** Of macOS, which has neither of the others. */
  darwin?: DarwinState;
}

/** `rwx` from three bits. */
export function formatPermissions(permissions: Permissions): string {
  return (permissions & 4 ? "r" : "-") + (permissions & 2 ? "w" : "-") + (permissions & 1 ? "x" : "-");
}

/** An ACL in the short form that `setfacl -m` takes, with numeric IDs: `u::rwx,u:1000:r-x,g::r-x,m::r-x,o::---`. */
export function formatAcl(acl: Acl): string {
  const parts = [`u::${formatPermissions(acl.owner)}`];
  for (const [id, permissions] of acl.users) parts.push(`u:${id}:${formatPermissions(permissions)}`);
  parts.push(`g::${formatPermissions(acl.group)}`);
  for (const [id, permissions] of acl.groups) parts.push(`g:${id}:${formatPermissions(permissions)}`);
  if (acl.mask !== undefined) parts.push(`m::${formatPermissions(acl.mask)}`);
  parts.push(`o::${formatPermissions(acl.other)}`);
  return parts.join(",");
}

/** Reads what formatAcl writes. @throws {SyntaxError} */
export function parseAclText(text: string): Acl {
  const long = new Map([
    ["u", "user"],
    ["g", "group"],
    ["m", "mask"],
    ["o", "other"],
  ]);
  const lines = text.split(",").map((entry) => entry.replace(/^[ugmo](?=:)/, (tag) => long.get(tag) ?? tag));
  const acl = parseAcl(lines);
  if (acl === undefined || formatAcl(acl) !== text) throw new SyntaxError(`"${text}" is no ACL`);
  return acl;
}

/** True if the ACL grants somebody what the mode bits of the entry cannot say. */
export function isExtended(acl: Acl): boolean {
  return acl.users.size > 0 || acl.groups.size > 0 || acl.mask !== undefined;
}

/**
 * Reads the output of `getfacl --absolute-names --numeric` for any number of paths.
 * @param unread takes the lines that are of no known form: their entries could grant or refuse anything
 * @returns the ACLs by path; paths are strings in which each character is one byte (latin1), since names need not be UTF-8
 */
export function parseGetfacl(output: string, unread: string[] = []): Map<string, EntryAcls> {
  const found = new Map<string, EntryAcls>();
  for (const block of output.split(/\n\n+/)) {
    const path = /^# file: (.*)$/m.exec(block)?.[1];
    if (path === undefined) continue;
    const lines = block.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    const acls: EntryAcls = {};
    const access = parseAcl(
      lines.filter((line) => !line.startsWith("default:")),
      unread,
    );
    if (access !== undefined && isExtended(access)) acls.acl = access;
    const inherited = parseAcl(
      lines.filter((line) => line.startsWith("default:")).map((line) => line.slice(8)),
      unread,
    );
    if (inherited !== undefined) acls.defaultAcl = inherited;
    if (acls.acl !== undefined || acls.defaultAcl !== undefined) found.set(unescapePath(path), acls);
  }
  return found;
}

function parseAcl(lines: string[], unread: string[] = []): Acl | undefined {
  const users = new Map<number, Permissions>();
  const groups = new Map<number, Permissions>();
  let owner: Permissions | undefined;
  let group: Permissions | undefined;
  let other: Permissions | undefined;
  let mask: Permissions | undefined;
  for (const line of lines) {
    // A tail such as "#effective:r--" is getfacl's remark, not part of the entry.
    const match = /^(user|group|mask|other):(\d*):([r-][w-][x-])(?:\s+#effective:[r-][w-][x-])?\s*$/.exec(line);
    if (match === null || (match[2] !== "" && (match[1] === "mask" || match[1] === "other"))) {
      unread.push(line);
      continue;
    }
    const [, tag, id, text] = match as unknown as [string, string, string, string];
    const permissions = (text[0] === "r" ? 4 : 0) + (text[1] === "w" ? 2 : 0) + (text[2] === "x" ? 1 : 0);
    if (tag === "user" && id === "") owner = permissions;
    else if (tag === "user") users.set(Number(id), permissions);
    else if (tag === "group" && id === "") group = permissions;
    else if (tag === "group") groups.set(Number(id), permissions);
    else if (tag === "mask") mask = permissions;
    else other = permissions;
  }
  if (owner === undefined || group === undefined || other === undefined) return undefined;
  return { owner, users, group, groups, ...(mask === undefined ? {} : { mask }), other };
}

/** getfacl writes bytes outside printable ASCII, and the backslash, as `\ooo`. */
function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3}|\\)/g, (_, code: string) =>
    code === "\\" ? "\\" : String.fromCharCode(Number.parseInt(code, 8)),
  );
}
