// Shows every entry of a walk to the contract, and remembers what departs.
import type { Stats } from "node:fs";
import type { Contract } from "../contract/contract.ts";
import { departure, metadataDeparts, type Wanted } from "../contract/departure.ts";
import { type Area, rootArea } from "../gocache/area.ts";
import type { EntryKind } from "../gocache/kind.ts";
import { couldHaveAcl, fresh } from "../gocache/late-acl.ts";
import { show } from "../host/bytes.ts";
import type { EntryAcls } from "../permission/acl.ts";
import { type AclAnswer, askAcls } from "../tree/acls.ts";
import { type EntryStats, isDirectory } from "../tree/entry.ts";
import { exactInode } from "../tree/look.ts";
import type { Visitor } from "../tree/walk.ts";
import { deepest } from "../tree/way.ts";
import { type Broken, brokenRule, isTorn } from "./broken.ts";
import { type ExceptionOptions, Exceptions } from "./exceptions.ts";
import { byPath, type DirectoryRepairs, type Plan, type RefusalReason, type Refused, type Repair } from "./plan.ts";

export interface InspectOptions extends ExceptionOptions {
  /** Whether the file system has ACLs and getfacl can read them. */
  readonly acls: boolean;
  /** How lists are read where it is not getfacl that does. */
  readonly askAcls?: (paths: readonly string[]) => AclAnswer;
  /** Whether every entry's ACL is read; else, of what could have one and of what others own. */
  readonly everyAcl: boolean;
  /** Whether the text of every .ziphash is read. */
  readonly readHashes: boolean;
  /** Entries that were changed last before this moment (milliseconds since 1970) were found in order then. */
  readonly knownUntil?: number;
}

/** A directory on the way. */
interface Place {
  /** Below GOMODCACHE; empty for itself. */
  readonly relative: string;
  readonly path: string;
  readonly area: Area;
  /** How many directories lie above it in GOMODCACHE. */
  readonly depth: number;
  /** Whether others than root can write here. */
  readonly shared: boolean;
  /** When the module that it belongs to was extracted (ctime); absent outside of modules. */
  readonly extracted?: number;
}

/** An entry that departs, or could by its ACL. */
interface Candidate {
  readonly place: Place;
  readonly name: string;
  readonly kind: EntryKind;
  readonly seen: Repair["seen"];
}

/** One that does depart. */
interface Departing {
  readonly candidate: Candidate;
  readonly acls: EntryAcls | undefined;
  readonly wanted: Wanted;
}

/** How many entries one getfacl is asked about, and how many of them run at a time. */
const mostAsked = 8_000;
const mostJobs = 2;

export class Inspector implements Visitor<Place> {
  entries = 0;
  /** How many entries were not compared, because they lie too deep. */
  tooDeep = 0;
  readonly problems: string[] = [];
  readonly broken: Broken[] = [];
  /** Whose ACLs have to be read: they could have one, or their owner could hide it. */
  private readonly waiting: Candidate[] = [];
  private readonly jobs = new Set<Promise<void>>();
  private readonly departing: Departing[] = [];
  private readonly refused: Refused[] = [];
  private readonly exceptions: Exceptions;
  private readonly freshFrom = Date.now() - fresh;
  /** Filled anew for each entry. */
  private readonly metadata = { isDirectory: false, uid: 0, gid: 0, mode: 0 };

  constructor(
    private readonly root: string,
    private readonly contract: Contract,
    private readonly options: InspectOptions,
  ) {
    this.exceptions = new Exceptions(contract, options);
  }

  meetRoot(stats: Stats): Place {
    const place: Place = { relative: "", path: this.root, area: rootArea, depth: 0, shared: isShared(stats) };
    this.meet("root", "", stats, place);
    return place;
  }

  enter(name: string, path: string, stats: EntryStats, parent: Place): Place {
    const kind = parent.area.directoryKind(name, parent);
    this.meet(kind, name, stats, parent);
    const extracted = kind === "module-directory" ? stats.ctimeMs : parent.extracted;
    return {
      relative: parent.relative === "" ? name : `${parent.relative}/${name}`,
      path,
      area: parent.area.below(name),
      depth: parent.depth + 1,
      shared: isShared(stats),
      ...(extracted === undefined ? {} : { extracted }),
    };
  }

  visit(name: string, stats: EntryStats, place: Place): void {
    const kind = place.area.fileKind(name, place);
    if (kind === "partial") this.exceptions.meetPartial(place.relative, name);
    let rule = brokenRule(kind, stats, this.freshFrom + fresh);
    if (rule === undefined && kind === "ziphash" && this.options.readHashes && !this.isKnown(stats))
      rule = isTorn(pathOf(place, name)) ? "ziphash-torn" : undefined;
    if (rule !== undefined) this.broken.push({ rule, record: place.relative.split("/"), name });
    this.meet(kind, name, stats, place);
  }

  finish(): void {}

  private meet(kind: EntryKind, name: string, stats: EntryStats, place: Place): void {
    this.entries += 1;
    // Nothing of Go's lies that deep, and the names of so many directories would fill the memory.
    if (place.depth > deepest) {
      this.tooDeep += 1;
      return;
    }
    const directory = isDirectory(stats.mode);
    if (!directory && (stats.mode & 0o170000) !== 0o100000) {
      this.refuse(place, name, (stats.mode & 0o170000) === 0o120000 ? "symlink" : "special-file", stats.uid);
      return;
    }
    const { metadata } = this;
    metadata.isDirectory = directory;
    metadata.uid = stats.uid;
    metadata.gid = stats.gid;
    metadata.mode = stats.mode & 0o7777;
    const suspect = this.isSuspect(kind, stats, place);
    if (!suspect && !metadataDeparts(kind, metadata, this.contract)) return;
    const seen = {
      isDirectory: directory,
      uid: stats.uid,
      gid: stats.gid,
      mode: stats.mode & 0o7777,
      ino: stats.ino,
      ctime: stats.ctimeMs,
      birthtime: stats.birthtimeMs,
      links: directory ? 1 : stats.nlink,
    };
    if (!directory && stats.nlink > 1) this.exceptions.meetLinked(stats.ino);
    const candidate = { place, name, kind, seen };
    if (suspect || (this.options.acls && !this.isKnown(stats) && !this.isTrusted(stats.uid)))
      this.waiting.push(candidate);
    else this.judge(candidate, undefined);
  }

  /** Nothing about it was changed since a run that found it in order: an ACL would have changed ctime. */
  private isKnown({ ctimeMs }: EntryStats): boolean {
    const { knownUntil } = this.options;
    return knownUntil !== undefined && ctimeMs < knownUntil && !this.options.everyAcl;
  }

  /** What the asker or root owns, nobody else can have given an ACL. */
  private isTrusted(uid: number): boolean {
    return uid === 0 || uid === this.contract.uid;
  }

  private refuse(place: Place, name: string, reason: RefusalReason, uid: number): void {
    this.refused.push({ path: show(pathOf(place, name)), reason, uid });
  }

  private isSuspect(kind: EntryKind, stats: EntryStats, place: Place): boolean {
    if (!this.options.acls) return false;
    if (this.options.everyAcl) return true;
    return !this.isKnown(stats) && couldHaveAcl(kind, stats, place.extracted, this.freshFrom);
  }

  /** To be awaited now and then: asks for ACLs while the walk goes on. */
  async pause(): Promise<void> {
    while (this.waiting.length >= mostAsked) {
      if (this.jobs.size >= mostJobs) await Promise.race(this.jobs);
      else this.ask(this.waiting.splice(0, mostAsked));
    }
  }

  /** Repairs of what departs, when the walk is over. */
  async repairs(): Promise<Pick<Plan, "rootRepair" | "directories" | "refused">> {
    await this.pause();
    if (this.waiting.length > 0) this.ask(this.waiting.splice(0));
    await Promise.all(this.jobs);
    const directories = new Map<Place, Repair[]>();
    let rootRepair: Repair | undefined;
    for (const departing of this.departing) {
      const repair = this.repairOf(departing);
      if (repair === undefined) continue;
      const { place } = departing.candidate;
      if (repair.name === "") rootRepair = repair;
      else if (directories.get(place)?.push(repair) === undefined) directories.set(place, [repair]);
    }
    const sorted: DirectoryRepairs[] = [...directories].map(([{ relative }, changes]) => ({
      names: relative === "" ? [] : relative.split("/"),
      changes,
    }));
    return {
      ...(rootRepair === undefined ? {} : { rootRepair }),
      directories: sorted.sort(byPath),
      refused: this.refused,
    };
  }

  private ask(candidates: readonly Candidate[]): void {
    const paths = candidates.map(({ place, name }) => pathOf(place, name));
    const asked = this.options.askAcls === undefined ? askAcls(paths) : Promise.resolve(this.options.askAcls(paths));
    const job = asked.then(({ acls, unseen }) => {
      if (unseen !== undefined && !this.problems.includes(unseen)) this.problems.push(`ACLs: ${unseen}`);
      const aclOf = ({ place, name }: Candidate) => (acls.size === 0 ? undefined : acls.get(pathOf(place, name)));
      for (const candidate of candidates) this.judge(candidate, aclOf(candidate));
      this.jobs.delete(job);
    });
    this.jobs.add(job);
  }

  private judge(candidate: Candidate, acls: EntryAcls | undefined): void {
    const wanted = departure(candidate.kind, candidate.seen, acls, this.contract);
    if (wanted !== undefined) this.departing.push({ candidate, acls, wanted });
  }

  private repairOf({ candidate, acls, wanted }: Departing): Repair | undefined {
    const { place, name, kind, seen } = candidate;
    const reason = this.exceptions.reasonFor(place, name, seen);
    if (reason !== undefined) {
      this.refuse(place, name, reason, seen.uid);
      return undefined;
    }
    const isExact = Number.isSafeInteger(seen.ino);
    if (isExact && acls === undefined) return { name, kind, seen, wanted };
    const ino = isExact ? seen.ino : exactInode(pathOf(place, name));
    if (ino === undefined) return undefined;
    return { name, kind, seen: { ...seen, ino, ...(acls === undefined ? {} : { acls }) }, wanted };
  }
}

function isShared({ uid, mode }: EntryStats): boolean {
  return uid !== 0 || (mode & 0o022) !== 0;
}

function pathOf(place: Place, name: string): string {
  return name === "" ? place.path : `${place.path}/${name}`;
}
