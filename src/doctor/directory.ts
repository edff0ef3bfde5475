// What the doctor remembers of a directory while it is in it, and the one entry that rules are shown again and again.

import type { CacheEntry } from "../facts/cache.ts";
import type { Outcome } from "../facts/facts.ts";
import type { Area } from "../gocache/area.ts";
import type { EntryKind } from "../gocache/kind.ts";
import { show } from "../host/bytes.ts";
import type { DarwinAttributes } from "../host/macos/attributes.ts";
import { mayAccess } from "../permission/access.ts";
import type { Subject } from "../permission/subject.ts";
import type { TreeEntry } from "../tree/entry.ts";
import type { Above } from "./reach.ts";

const yes: Outcome = { verdict: "yes" };

/** The cache that the directories belong to. */
export interface Ground {
  /** GOMODCACHE without links. */
  readonly root: string;
  readonly subject: Subject;
  /** Whether the subject may enter every directory above GOMODCACHE. */
  readonly above: Outcome;
  /** What reads ACLs and flags on macOS; absent elsewhere. */
  readonly darwin?: DarwinAttributes | undefined;
  /** Those directories. */
  readonly aboveAll: Above;
}

export class Directory {
  private inside: Outcome | undefined;

  constructor(
    readonly path: string,
    readonly area: Area,
    readonly entry: TreeEntry,
    readonly parent: Directory | undefined,
    readonly ground: Ground,
    /** When the extracted module that it belongs to was last changed (ctime, milliseconds); absent outside of modules. */
    readonly extracted?: number,
  ) {}

  /** The path below GOMODCACHE. */
  get relative(): string {
    return this.path.slice(this.ground.root.length + 1);
  }

  /** Whether the subject reaches what is in this directory. Worked out late: the ACL comes after the entry. */
  reach(): Outcome {
    if (this.inside !== undefined) return this.inside;
    const above = this.parent === undefined ? this.ground.above : this.parent.reach();
    this.inside = above.verdict === "yes" ? this.enter() : above;
    return this.inside;
  }

  private enter(): Outcome {
    const { verdict, because } = mayAccess(this.entry, this.ground.subject, "execute");
    return verdict === "yes" ? yes : { verdict, at: show(this.path), because };
  }
}

/** A CacheEntry that is filled again for each entry. Its path is put together only if a rule asks for it. */
export class ShownEntry {
  kind: EntryKind = "root";
  private name = "";
  private directory: Directory | undefined;

  constructor(
    private readonly ground: Ground,
    public entry: TreeEntry,
  ) {}

  /** @param directory that holds the entry; undefined for GOMODCACHE itself */
  fill(name: string, kind: EntryKind, entry: TreeEntry, directory: Directory | undefined): CacheEntry {
    this.name = name;
    this.kind = kind;
    this.entry = entry;
    this.directory = directory;
    return this as CacheEntry;
  }

  get path(): string {
    return show(this.directory === undefined ? this.ground.root : `${this.directory.path}/${this.name}`);
  }

  get reachable(): Outcome {
    return this.directory === undefined ? this.ground.above : this.directory.reach();
  }

  get parent(): TreeEntry | undefined {
    return this.directory?.entry;
  }
}
