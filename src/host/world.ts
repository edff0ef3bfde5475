// The live machine as the permission model sees it. Everything is looked at once and remembered: one instance is one moment.
import { constants, lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import type { Looked } from "../facts/facts.ts";
import type { EntryAcls } from "../permission/acl.ts";
import type { Entry, FileType } from "../permission/entry.ts";
import type { Mount } from "../permission/mount.ts";
import { Unseen, type World } from "../permission/world.ts";
import { readAcls, readTreeAcls } from "./acl.ts";
import { type Attributes, readAttributes } from "./attributes.ts";
import { fromBytes, toBytes } from "./bytes.ts";
import { answers } from "./dead-mount.ts";
import { mountOf } from "./mounts.ts";
import { isAbsent, readRegularFile, unseenBecause } from "./read-text.ts";
import { realPath } from "./real-path.ts";

const once = { throwIfNoEntry: false } as const;
/** How often a play is repeated for ACLs that came to light; each repetition needs a link or a branch not seen before. */
const mostRounds = 10;
const types = new Map<number, FileType>([
  [constants.S_IFREG, "file"],
  [constants.S_IFDIR, "directory"],
  [constants.S_IFLNK, "symlink"],
  [constants.S_IFIFO, "fifo"],
  [constants.S_IFSOCK, "socket"],
  [constants.S_IFCHR, "character"],
  [constants.S_IFBLK, "block"],
]);

export class MachineWorld implements World {
  private readonly seen = new Map<string, Entry | "absent" | Unseen>();
  private readonly mountOfDirectory = new Map<string, Mount | undefined>();
  private readonly mountPoints: ReadonlySet<string>;
  private readonly acls = new Map<string, EntryAcls>();
  private readonly aclTrees: string[] = [];
  private readonly aclAsked = new Set<string>();
  private aclsUnseen: string | undefined;
  private readonly attributes = new Map<string, Attributes>();
  private readonly settled = new Set<string>();
  private readonly silent = new Map<Mount, Unseen | undefined>();

  /** @param mounts as `readMounts` gives them; empty if they could not be read */
  constructor(private readonly mounts: readonly Mount[]) {
    this.mountPoints = new Set(mounts.map((mount) => mount.mountPoint));
  }

  look(path: string): Entry | "absent" | Unseen {
    const known = this.seen.get(path);
    if (known !== undefined) return known;
    const entry = this.lookNow(path);
    this.seen.set(path, entry);
    return entry;
  }

  names(path: string): readonly string[] | Unseen {
    const silent = this.silence(this.mountAt(path));
    if (silent !== undefined) return silent;
    try {
      const bytes = toBytes(path);
      const names = readdirSync(bytes);
      // U+FFFD stands for bytes that are not UTF-8 (or is there in truth): only the bytes can tell.
      if (!names.some((name) => name.includes("\ufffd"))) return names;
      return readdirSync(bytes, "buffer").map(fromBytes);
    } catch (error) {
      return isAbsent(error) ? new Unseen("it is not a directory any more") : unseenBecause(error);
    }
  }

  target(path: string): string | Unseen {
    try {
      return fromBytes(readlinkSync(toBytes(path), "buffer"));
    } catch (error) {
      return isAbsent(error) ? new Unseen("it is gone") : unseenBecause(error);
    }
  }

  /** The text of a regular file of at most `maxBytes` bytes. Neither links nor FIFOs nor devices are opened. */
  text(path: string, maxBytes: number): string | "absent" | Unseen {
    const entry = this.look(path);
    if (entry === "absent" || entry instanceof Unseen) return entry;
    if (entry.type !== "file") return new Unseen("it is not a regular file");
    return readRegularFile(path, maxBytes);
  }

  /** The mount that a path (without links) is seen through. A directory's entries share it, so it is looked for once. */
  mountAt(path: string): Mount | undefined {
    if (this.mountPoints.has(path)) return mountOf(path, this.mounts);
    const directory = path.slice(0, path.lastIndexOf("/")) || "/";
    let mount = this.mountOfDirectory.get(directory);
    if (mount === undefined && !this.mountOfDirectory.has(directory)) {
      mount = mountOf(directory, this.mounts);
      this.mountOfDirectory.set(directory, mount);
    }
    return mount;
  }

  /** Reads the ACLs of these paths, and of everything in these trees, before they are looked at. */
  prefetchAcls(paths: Iterable<string>, trees: readonly string[] = []): void {
    for (const tree of trees) {
      this.takeAcls(readTreeAcls(tree));
      this.aclTrees.push(`${tree}/`);
      this.forget(tree);
    }
    const wanted = [...paths].filter((path) => !this.isAclKnown(path));
    if (wanted.length === 0 || this.aclsUnseen !== undefined) return;
    this.takeAcls(readAcls(wanted));
    for (const path of wanted) {
      this.aclAsked.add(path);
      if (this.acls.has(path)) this.seen.delete(path);
    }
  }

  /** Reads the immutable and append-only attributes of these paths (some milliseconds for each hundred). */
  prefetchAttributes(paths: Iterable<string>): void {
    for (const [path, attributes] of readAttributes([...paths]) ?? []) {
      this.attributes.set(path, attributes);
      this.seen.delete(path);
    }
  }

  /** Whether ACLs could be read so far. */
  aclState(): Looked<true> {
    return this.aclsUnseen === undefined ? { value: true } : { unseen: this.aclsUnseen };
  }

  /**
   * Plays something over this world until nothing is missing: what was looked at gets its ACL, directories their attributes
   * too, and the play starts anew. So nobody needs to know beforehand which paths a play will come by.
   * @param play without effects of its own; it may throw
   */
  settle<T>(play: () => T): T {
    for (let round = 1; ; round += 1) {
      const outcome = attempt(play);
      const fresh = this.unsettled();
      if (fresh.size === 0 || round === mostRounds) return outcome();
      const known = this.acls.size + this.attributes.size;
      this.prefetchAcls(fresh.keys());
      this.prefetchAttributes([...fresh].filter(([, entry]) => entry.type === "directory").map(([path]) => path));
      // What has neither changes nothing, and ACLs that cannot be read are told by aclState.
      if (this.acls.size + this.attributes.size === known) return outcome();
    }
  }

  /**
   * The path without symbolic links, as the one who runs this program resolves it.
   * @returns "absent" if it does not exist, "dangling" if that is so because a link on the way leads nowhere or in a circle
   */
  realPath(path: string): string | "absent" | "dangling" | Unseen {
    return realPath(this, path);
  }

  private lookNow(path: string): Entry | "absent" | Unseen {
    const mount = this.mountAt(path);
    const silent = this.silence(mount);
    if (silent !== undefined) return silent;
    let stats: Stats | undefined;
    try {
      stats = lstatSync(toBytes(path), once);
    } catch (error) {
      return isAbsent(error) ? "absent" : unseenBecause(error);
    }
    return stats === undefined ? "absent" : this.entryOf(path, stats, mount);
  }

  private entryOf(path: string, stats: Stats, mount: Mount | undefined): Entry {
    const entry: { -readonly [K in keyof Entry]: Entry[K] } = {
      type: types.get(stats.mode & constants.S_IFMT) ?? "file",
      uid: stats.uid,
      gid: stats.gid,
      mode: stats.mode & 0o7777,
      links: stats.nlink,
      size: stats.size,
      modified: stats.mtimeMs,
    };
    if (mount !== undefined) entry.mount = mount;
    if (this.mountPoints.has(path)) entry.mountPoint = true;
    if (this.acls.size > 0) Object.assign(entry, this.acls.get(path));
    if (this.attributes.size > 0) Object.assign(entry, this.attributes.get(path));
    return entry;
  }

  /** Not undefined if the file system does not answer, so that any call on it would hang. */
  private silence(mount: Mount | undefined): Unseen | undefined {
    if (mount === undefined) return undefined;
    if (!this.silent.has(mount)) this.silent.set(mount, answers(mount));
    return this.silent.get(mount);
  }

  private takeAcls(read: Looked<ReadonlyMap<string, EntryAcls>>): void {
    if ("unseen" in read) this.aclsUnseen = read.unseen;
    else for (const [path, acls] of read.value) this.acls.set(path, acls);
  }

  private isAclKnown(path: string): boolean {
    return this.aclAsked.has(path) || this.aclTrees.some((tree) => path.startsWith(tree) || `${path}/` === tree);
  }

  /** What was looked at since the last time, and exists. */
  private unsettled(): Map<string, Entry> {
    const fresh = new Map<string, Entry>();
    for (const [path, entry] of this.seen) {
      if (this.settled.has(path) || entry === "absent" || entry instanceof Unseen || entry.type === "symlink") continue;
      fresh.set(path, entry);
      this.settled.add(path);
    }
    return fresh;
  }

  private forget(tree: string): void {
    for (const path of this.seen.keys()) if (path === tree || path.startsWith(`${tree}/`)) this.seen.delete(path);
  }
}

/** Runs something now, and returns what it returned, or throws what it threw, when it is called. */
function attempt<T>(play: () => T): () => T {
  try {
    const value = play();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
