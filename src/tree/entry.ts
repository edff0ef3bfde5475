// An lstat(2) result as the permission model's entry.
import type { Stats } from "node:fs";
import type { Acl, EntryAcls } from "../permission/acl.ts";
import type { DarwinEntry } from "../permission/darwin-acl.ts";
import type { Entry, FileType } from "../permission/entry.ts";
import type { Mount } from "../permission/mount.ts";

/** The nibble above the 12 permission bits of st_mode, S_IFMT of inode(7), to its type. */
const types: readonly (FileType | undefined)[] = [
  undefined,
  "fifo",
  "character",
  undefined,
  "directory",
  undefined,
  "block",
  undefined,
  "file",
  undefined,
  "symlink",
  undefined,
  "socket",
];

/** What is used of an lstat(2) result. */
export type EntryStats = Pick<
  Stats,
  "mode" | "uid" | "gid" | "nlink" | "size" | "mtimeMs" | "ctimeMs" | "ino" | "birthtimeMs"
>;

/** An entry that can be filled again, so that a walk over a million files makes no million objects. */
export class TreeEntry implements Entry {
  type: FileType = "file";
  uid = 0;
  gid = 0;
  mode = 0;
  links = 1;
  size = 0;
  modified = 0;
  declare acl?: Acl;
  declare defaultAcl?: Acl;
  declare darwin?: DarwinEntry;
  declare mount?: Mount;

  constructor(mount: Mount | undefined) {
    if (mount !== undefined) this.mount = mount;
  }

  fill(stats: EntryStats): this {
    const { mode } = stats;
    this.type = types[mode >> 12] ?? "file";
    this.uid = stats.uid;
    this.gid = stats.gid;
    this.mode = mode & 0o7777;
    this.links = stats.nlink;
    this.size = stats.size;
    this.modified = stats.mtimeMs;
    return this;
  }

  takeAcls(acls: EntryAcls | undefined): void {
    if (acls?.acl !== undefined) this.acl = acls.acl;
    if (acls?.defaultAcl !== undefined) this.defaultAcl = acls.defaultAcl;
  }
}

/** True if st_mode says directory. */
export function isDirectory(mode: number): boolean {
  return (mode & 0o170000) === 0o040000;
}
