// Turns the walk over a cache into the entries and module versions that rules look at.

import type { ModuleRecord } from "../facts/cache.ts";
import type { Facts } from "../facts/facts.ts";
import { rootArea, versionArea } from "../gocache/area.ts";
import type { EntryKind } from "../gocache/kind.ts";
import { couldHaveAcl, fresh } from "../gocache/late-acl.ts";
import { show } from "../host/bytes.ts";
import { unclearEntry } from "../permission/darwin-acl.ts";
import type { Mount } from "../permission/mount.ts";
import { askAcls } from "../tree/acls.ts";
import { type EntryStats, TreeEntry } from "../tree/entry.ts";
import type { Visitor } from "../tree/walk.ts";
import { Directory, type Ground, ShownEntry } from "./directory.ts";
import { Records } from "./records.ts";
import type { Tally } from "./tally.ts";

/**
 * When the ACLs of entries come to be known.
 * `presumed`: entries are judged as if they had none, and those that could have one are named, to be asked for meanwhile.
 * `exact`: entries are held back until their ACLs are known.
 * `ignored`: ACLs cannot be had, or the file system has none.
 */
export type AclMode = "presumed" | "exact" | "ignored";

/** An entry that waits for its ACL. */
interface Held {
  readonly name: string;
  readonly kind: EntryKind;
  readonly entry: TreeEntry;
  readonly directory: Directory | undefined;
}

export class Collector implements Visitor<Directory> {
  /** Absent if no rule looks at module versions. */
  readonly records: Records | undefined;
  /** What could have an ACL, in mode `presumed`; to be taken and emptied. */
  suspects: string[] = [];

  /** How many entries were met. */
  entries = 0;

  private readonly held: (Held | (() => void))[] = [];
  private readonly shown: ShownEntry;
  private readonly mounts: ReadonlyMap<string, Mount>;
  private readonly freshFrom: number;
  private scratch: TreeEntry;

  constructor(
    facts: Facts,
    private readonly tally: Tally,
    private readonly ground: Ground,
    private readonly mode: AclMode,
    now: number,
  ) {
    const { mount } = facts.cache;
    const judge = (record: ModuleRecord): void => tally.judgeModule(record);
    this.records = tally.looksAtModules ? new Records(ground.root, mount, judge) : undefined;
    this.scratch = new TreeEntry(mount);
    this.shown = new ShownEntry(ground, this.scratch);
    this.mounts = new Map("value" in facts.mounts ? facts.mounts.value.map((at) => [at.mountPoint, at]) : []);
    this.freshFrom = now - fresh;
  }

  /** How many entries are held back. */
  get waiting(): number {
    return this.held.length;
  }

  /** GOMODCACHE itself was met. */
  enterRoot(stats: EntryStats): Directory {
    const entry = new TreeEntry(this.scratch.mount).fill(stats);
    const root = new Directory(this.ground.root, rootArea, entry, undefined, this.ground);
    this.meet("", "root", entry, stats, undefined);
    return root;
  }

  enter(name: string, path: string, stats: EntryStats, parent: Directory): Directory {
    const entry = new TreeEntry(this.mounts.get(path) ?? parent.entry.mount).fill(stats);
    const { area } = parent;
    const kind = area.directoryKind(name, parent);
    if (kind === "module-directory") this.records?.meetTree(path, entry, parent);
    this.meet(name, kind, entry, stats, parent);
    const extracted = kind === "module-directory" ? stats.ctimeMs : parent.extracted;
    return new Directory(path, area.below(name), entry, parent, this.ground, extracted);
  }

  visit(name: string, stats: EntryStats, directory: Directory): void {
    const kind = directory.area.fileKind(name, directory);
    const inRecord = directory.area === versionArea && this.records !== undefined;
    const { mount } = directory.entry;
    let entry: TreeEntry;
    if (inRecord || this.mode === "exact") {
      entry = new TreeEntry(mount).fill(stats);
    } else {
      if (this.scratch.mount !== mount) this.scratch = new TreeEntry(mount);
      entry = this.scratch.fill(stats);
    }
    if (inRecord) this.records?.meetFile(name, kind, entry);
    this.meet(name, kind, entry, stats, directory);
  }

  finish(directory: Directory): void {
    if (directory.area !== versionArea || this.records === undefined) return;
    const judge = this.records.finish(directory);
    if (this.mode === "exact") this.held.push(judge);
    else judge();
  }

  /** Asks for the ACLs of what is held back, and judges it. @returns why ACLs could not be seen, if so */
  async settle(): Promise<string | undefined> {
    const held = this.held.splice(0);
    const unseen = this.ground.darwin === undefined ? await this.takeAcls(held) : this.takeDarwin(held);
    for (const item of held) {
      if (typeof item === "function") item();
      else this.judge(item.name, item.kind, item.entry, item.directory);
    }
    return unseen;
  }

  private async takeAcls(held: readonly (Held | (() => void))[]): Promise<string | undefined> {
    const paths = held.flatMap((item) =>
      typeof item === "function" || isLink(item) ? [] : [pathOf(item, this.ground)],
    );
    const { acls, unseen } = await askAcls(paths);
    for (const item of held) if (typeof item !== "function") item.entry.takeAcls(acls.get(pathOf(item, this.ground)));
    return unseen;
  }

  /** On macOS one ls tells ACLs and flags, of links too. */
  private takeDarwin(held: readonly (Held | (() => void))[]): string | undefined {
    const { darwin } = this.ground;
    const items = held.filter((item) => typeof item !== "function");
    const found = darwin?.read(items.map((item) => ({ path: pathOf(item, this.ground), isLink: isLink(item) })));
    let unclear: string | undefined;
    for (const item of items) {
      const path = pathOf(item, this.ground);
      const known = found?.get(path);
      if (known === undefined) continue;
      item.entry.darwin = known;
      const ace = unclearEntry(known.acl);
      if (ace !== undefined) unclear ??= `${show(path)}: ${ace}`;
    }
    return darwin?.unseen ?? unclear;
  }

  private meet(
    name: string,
    kind: EntryKind,
    entry: TreeEntry,
    stats: EntryStats,
    directory: Directory | undefined,
  ): void {
    this.entries += 1;
    if (this.mode === "exact") {
      this.held.push({ name, kind, entry, directory });
      return;
    }
    if (this.mode === "presumed" && couldHaveAcl(kind, stats, directory?.extracted, this.freshFrom)) {
      this.suspects.push(pathOf({ name, directory }, this.ground));
    }
    this.judge(name, kind, entry, directory);
  }

  private judge(name: string, kind: EntryKind, entry: TreeEntry, directory: Directory | undefined): void {
    const counters = this.tally.countersFor(kind);
    if (counters.length > 0) this.tally.judgeEntry(this.shown.fill(name, kind, entry, directory), counters);
  }
}

function isLink({ entry }: Held): boolean {
  return entry.type === "symlink";
}

function pathOf({ name, directory }: Pick<Held, "name" | "directory">, ground: Ground): string {
  return directory === undefined ? ground.root : `${directory.path}/${name}`;
}
