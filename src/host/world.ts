// The live machine as the permission model sees it. Everything is looked at once and remembered: one instance is one moment.
import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import type { Looked } from "../facts/facts.ts";
import type { EntryAcls } from "../permission/acl.ts";
import type { DarwinEntry } from "../permission/darwin-acl.ts";
import type { Entry } from "../permission/entry.ts";
import type { Mount } from "../permission/mount.ts";
import { Unseen, type World } from "../permission/world.ts";
import { readAcls, readTreeAcls } from "./acl.ts";
import { type Attributes, readAttributes } from "./attributes.ts";
import { fromBytes, toBytes } from "./bytes.ts";
import { answers } from "./dead-mount.ts";
import { DarwinNotes } from "./macos/notes.ts";
import { type Platform, thisPlatform } from "./macos/tools.ts";
import { mountOf } from "./mounts.ts";
import { isAbsent, readRegularFile, unseenBecause } from "./read-text.ts";
import { realPath } from "./real-path.ts";
import { type Notes, SeenEntry } from "./seen-entry.ts";

const once = { throwIfNoEntry: false } as const;
/** Of a removal of half a million entries, so many are asked about their attributes: immutable entries in a cache are rare. */
const mostAttributes = 20_000;
/** How often a play is repeated for ACLs that came to light; each repetition needs a link or a branch not seen before. */
const mostRounds = 10;

export class MachineWorld implements World, Notes {
  private readonly seen = new Map<string, Entry | "absent" | Unseen>();
  private readonly listed = new Map<string, readonly string[] | Unseen>();
  private readonly mountOfDirectory = new Map<string, Mount | undefined>();
  private readonly mountPoints: ReadonlySet<string>;
  private readonly acls = new Map<string, EntryAcls>();
  private readonly aclTrees: string[] = [];
  private readonly aclAsked = new Set<string>();
  private aclsUnseen: string | undefined;
  private settling = false;
  private readonly aclWanted = new Set<string>();
  private readonly attributes = new Map<string, Attributes>();
  private readonly attributesAsked = new Set<string>();
  private readonly attributesWanted = new Set<string>();
  private readonly silent = new Map<Mount, Unseen | undefined>();
  private readonly darwin: DarwinNotes | undefined;

  /** @param mounts as `readMounts` gives them; empty if they could not be read */
  constructor(
    private readonly mounts: readonly Mount[],
    readonly platform: Platform = thisPlatform,
  ) {
    this.darwin = platform.name === "darwin" ? new DarwinNotes(platform) : undefined;
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
    const known = this.listed.get(path);
    if (known !== undefined) return known;
    const names = this.namesNow(path);
    this.listed.set(path, names);
    return names;
  }

  private namesNow(path: string): readonly string[] | Unseen {
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

  /** Reads the ACLs of these paths, and of everything in these trees, before they are asked for. */
  prefetchAcls(paths: Iterable<string>, trees: readonly string[] = []): void {
    // There a play asks for them as it comes by, and all that one ls tells is kept.
    if (this.darwin !== undefined) return;
    for (const tree of trees) {
      this.takeAcls(readTreeAcls(tree));
      this.aclTrees.push(`${tree}/`);
    }
    const wanted = [...paths].filter((path) => !this.isAclKnown(path));
    if (wanted.length === 0 || this.aclsUnseen !== undefined) return;
    this.takeAcls(readAcls(wanted));
    for (const path of wanted) this.aclAsked.add(path);
  }

  /** Reads the immutable and append-only attributes of these paths (some milliseconds for each hundred). */
  prefetchAttributes(paths: Iterable<string>): void {
    if (this.darwin !== undefined) return;
    const wanted = [...paths].filter((path) => !this.attributesAsked.has(path));
    if (wanted.length === 0) return;
    for (const [path, attributes] of readAttributes(wanted) ?? []) this.attributes.set(path, attributes);
    for (const path of wanted) this.attributesAsked.add(path);
  }

  /** The entry with its ACL and attributes, as a plain value. */
  whole(path: string): Entry | "absent" | Unseen {
    const entry = this.look(path);
    if (!(entry instanceof SeenEntry)) return entry;
    return this.settle(() => entry.plain());
  }

  aclsOf(path: string): EntryAcls | undefined {
    if (this.darwin !== undefined) return undefined;
    if (!this.isAclKnown(path)) this.aclWanted.add(path);
    return this.acls.get(path);
  }

  darwinOf(path: string, isLink: boolean): DarwinEntry | undefined {
    return this.darwin?.of(path, isLink);
  }

  attributesOf(path: string): Attributes | undefined {
    if (this.darwin !== undefined) return undefined;
    if (!this.attributesAsked.has(path)) this.attributesWanted.add(path);
    return this.attributes.get(path);
  }

  /** Whether ACLs could be read so far. */
  aclState(): Looked<true> {
    const unseen = this.darwin?.unseen ?? this.aclsUnseen;
    return unseen === undefined ? { value: true } : { unseen };
  }

  /**
   * Plays something over this world until nothing is missing: the ACLs and attributes that the play asked for are read, and it
   * starts anew. So nobody needs to know beforehand which paths a play will come by.
   * @param play without effects of its own; it may throw
   */
  settle<T>(play: () => T): T {
    // A play within a play is settled together with it.
    if (this.settling) return play();
    this.settling = true;
    try {
      return this.settleAll(play);
    } finally {
      this.settling = false;
    }
  }

  private settleAll<T>(play: () => T): T {
    for (let round = 1; ; round += 1) {
      this.aclWanted.clear();
      this.attributesWanted.clear();
      const outcome = attempt(play);
      if (round === mostRounds) {
        this.darwin?.giveUp();
        return outcome();
      }
      const known = this.acls.size + this.attributes.size;
      this.prefetchAcls(this.aclWanted);
      this.prefetchAttributes([...this.attributesWanted].slice(0, mostAttributes));
      // What has neither changes nothing, and ACLs that cannot be read are told by aclState.
      if (this.darwin?.fetch() === true) continue;
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
    if (stats === undefined) return "absent";
    return new SeenEntry(path, stats, this, { mount, mountPoint: this.mountPoints.has(path) });
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
