// An entry whose ACL and inode attributes are looked up when somebody asks for them. Reading them takes a program each, so the
// world is told which ones matter: a play asks for few of what it looks at.
import { constants, type Stats } from "node:fs";
import type { Acl, EntryAcls } from "../permission/acl.ts";
import type { DarwinEntry } from "../permission/darwin-acl.ts";
import type { Entry, FileType } from "../permission/entry.ts";
import type { Mount } from "../permission/mount.ts";
import type { Attributes } from "./attributes.ts";

/** What knows the ACLs and attributes so far, and takes note of what is asked for. */
export interface Notes {
  aclsOf(path: string): EntryAcls | undefined;
  attributesOf(path: string): Attributes | undefined;
  /** On macOS both at once; undefined elsewhere. */
  darwinOf(path: string, isLink: boolean): DarwinEntry | undefined;
}

const types: ReadonlyMap<number, FileType> = new Map([
  [constants.S_IFREG, "file"],
  [constants.S_IFDIR, "directory"],
  [constants.S_IFLNK, "symlink"],
  [constants.S_IFIFO, "fifo"],
  [constants.S_IFSOCK, "socket"],
  [constants.S_IFCHR, "character"],
  [constants.S_IFBLK, "block"],
]);

export class SeenEntry implements Entry {
  readonly type: FileType;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly links: number;
  readonly size: number;
  readonly modified: number;
  declare readonly mount?: Mount;
  declare readonly mountPoint?: boolean;

  constructor(
    private readonly path: string,
    stats: Stats,
    private readonly notes: Notes,
    seen: { mount: Mount | undefined; mountPoint: boolean },
  ) {
    this.type = types.get(stats.mode & constants.S_IFMT) ?? "file";
    this.uid = stats.uid;
    this.gid = stats.gid;
    this.mode = stats.mode & 0o7777;
    this.links = stats.nlink;
    this.size = stats.size;
    this.modified = stats.mtimeMs;
    if (seen.mount !== undefined) this.mount = seen.mount;
    if (seen.mountPoint) this.mountPoint = true;
  }

  get darwin(): DarwinEntry | undefined {
    return this.notes.darwinOf(this.path, this.type === "symlink");
  }

  get acl(): Acl | undefined {
    return this.type === "symlink" ? undefined : this.notes.aclsOf(this.path)?.acl;
  }

  get defaultAcl(): Acl | undefined {
    return this.type === "directory" ? this.notes.aclsOf(this.path)?.defaultAcl : undefined;
  }

  get immutable(): boolean {
    return this.hasAttributes && this.notes.attributesOf(this.path)?.immutable === true;
  }

  get appendOnly(): boolean {
    return this.hasAttributes && this.notes.attributesOf(this.path)?.appendOnly === true;
  }

  private get hasAttributes(): boolean {
    return this.type === "file" || this.type === "directory";
  }

  /** The same as a plain value, which asks for nothing any more. */
  plain(): Entry {
    const { type, uid, gid, mode, links, size, modified, mount, mountPoint, darwin } = this;
    const { acl, defaultAcl, immutable, appendOnly } = this;
    return {
      type,
      uid,
      gid,
      mode,
      links,
      size,
      modified,
      ...(mount === undefined ? {} : { mount }),
      ...(mountPoint === undefined ? {} : { mountPoint }),
      ...(darwin === undefined ? {} : { darwin: plainDarwin(darwin) }),
      ...(acl === undefined ? {} : { acl }),
      ...(defaultAcl === undefined ? {} : { defaultAcl }),
      ...(immutable ? { immutable } : {}),
      ...(appendOnly ? { appendOnly } : {}),
    };
  }
}

function plainDarwin({ acl, flags, protection }: DarwinEntry): DarwinEntry {
  return { acl, flags, ...(protection === undefined ? {} : { protection }) };
}
