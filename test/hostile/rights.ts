// Who may do what with an entry, worked out from its dump: POSIX ACLs as acl(5) has them, without a line of the program's own code.

export interface Dumped {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly acl: readonly AclEntry[];
}

interface AclEntry {
  readonly tag: number;
  readonly permissions: number;
  readonly id: number;
}

export function parseDump(line: string): Dumped {
  const [path = "", rest = ""] = line.split("\t");
  const match = /^(\d+):(\d+) (\d+)/.exec(rest);
  if (match === null) throw new Error(line);
  const acl = /system\.posix_acl_access=([0-9a-f]*)/.exec(rest)?.[1] ?? "";
  return {
    path,
    uid: Number(match[1]),
    gid: Number(match[2]),
    mode: Number.parseInt(match[3] ?? "", 8),
    acl: parse(acl),
  };
}

/** linux/posix_acl_xattr.h: a version, then tag, permissions and ID, all little endian. */
function parse(hex: string): AclEntry[] {
  const bytes = Buffer.from(hex, "hex");
  const entries: AclEntry[] = [];
  for (let at = 4; at + 8 <= bytes.length; at += 8)
    entries.push({
      tag: bytes.readUInt16LE(at),
      permissions: bytes.readUInt16LE(at + 2),
      id: bytes.readUInt32LE(at + 4),
    });
  return entries;
}

const tags = { user: 2, group: 8, mask: 0x10, owningGroup: 4 } as const;

/** Read, write and execute of somebody, as a number up to 7. */
export function rightsOf({ uid, gid, mode, acl }: Dumped, who: { uid: number; groups: readonly number[] }): number {
  if (who.uid === uid) return (mode >> 6) & 7;
  const mask = acl.find(({ tag }) => tag === tags.mask)?.permissions ?? 7;
  const named = acl.find(({ tag, id }) => tag === tags.user && id === who.uid);
  if (named !== undefined) return named.permissions & mask;
  const owning = acl.find(({ tag }) => tag === tags.owningGroup)?.permissions ?? (mode >> 3) & 7;
  let rights: number | undefined;
  if (who.groups.includes(gid)) rights = owning & mask;
  for (const { tag, id, permissions } of acl)
    if (tag === tags.group && who.groups.includes(id)) rights = (rights ?? 0) | (permissions & mask);
  return rights ?? mode & 7;
}
