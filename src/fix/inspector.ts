// Shows every entry of a walk to the contract, and remembers what departs.
import { lstatSync, type Stats } from "node:fs";
import type { Contract } from "../contract/contract.ts";
import { departure, metadataDeparts } from "../contract/departure.ts";
import { type Area, rootArea } from "../doctor/area.ts";
import type { EntryKind } from "../gocache/kind.ts";
import { show, toBytes } from "../host/bytes.ts";
import type { EntryAcls } from "../permission/acl.ts";
import { askAcls } from "../tree/acls.ts";
import { type EntryStats, isDirectory } from "../tree/entry.ts";
import type { Visitor } from "../tree/walk.ts";
import { type Broken, brokenRule } from "./broken.ts";
import { byPath, type DirectoryRepairs, type Plan, type RefusalReason, type Refused, type Repair } from "./plan.ts";

export interface InspectOptions {
  /** UIDs whose entries may be given to somebody else; an entry of anybody else is refused. */
  readonly owners: ReadonlySet<number>;
  /** Whether the file system has ACLs and getfacl can read them. */
  readonly acls: boolean;
  /** Whether every entry's ACL is read; else, of what could have one and of what others own. */
  readonly everyAcl: boolean;
  /** Whether files with several names are changed if all their names are in the cache. */
  readonly hardLinks: boolean;
  /** The UID that stands for users that this user namespace does not have. */
  readonly unmapped?: number;
}

/** A directory on the way. */
interface Place {
  /** Below GOMODCACHE; empty for itself. */
  readonly relative: string;
  readonly path: string;
  readonly area: Area;
  /** When the module that it belongs to was extracted (ctime); absent outside of modules. */
  readonly extracted?: number;
}

/** An entry that departs, or could by its ACL. */
interface Candidate {
  readonly place: Place;
  readonly name: string;
  readonly kind: EntryKind;
  readonly seen: Repair["seen"];
  /** Whether its ACL has to be read: it could have one, or its owner could hide it. */
  readonly ask: boolean;
}

/** An entry changed less than this many milliseconds ago is asked for its ACL: clocks of file systems are coarse. */
const fresh = 60_000;
const mostAsked = 8_000;

export class Inspector implements Visitor<Place> {
  entries = 0;
  readonly problems: string[] = [];
  readonly broken: Broken[] = [];
  private readonly candidates: Candidate[] = [];
  private readonly refused: Refused[] = [];
  /** Extracted directories that are not finished. */
  private readonly unfinished = new Set<string>();
  /** How many names of each hard-linked inode were met. */
  private readonly linked = new Map<number, number>();
  private readonly freshFrom = Date.now() - fresh;

  constructor(
    private readonly root: string,
    private readonly contract: Contract,
    private readonly options: InspectOptions,
  ) {}

  meetRoot(stats: Stats): Place {
    const place: Place = { relative: "", path: this.root, area: rootArea };
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
      ...(extracted === undefined ? {} : { extracted }),
    };
  }

  visit(name: string, stats: EntryStats, place: Place): void {
    const kind = place.area.fileKind(name, place);
    if (kind === "partial") this.unfinished.add(treeOf(place.relative, name));
    const rule = brokenRule(kind, stats, this.freshFrom + fresh);
    if (rule !== undefined) this.broken.push({ rule, record: place.relative.split("/"), name });
    this.meet(kind, name, stats, place);
  }

  finish(): void {}

  private meet(kind: EntryKind, name: string, stats: EntryStats, place: Place): void {
    this.entries += 1;
    const directory = isDirectory(stats.mode);
    if (!directory && (stats.mode & 0o170000) !== 0o100000) {
      this.refuse(place, name, (stats.mode & 0o170000) === 0o120000 ? "symlink" : "special-file", stats.uid);
      return;
    }
    const mode = stats.mode & 0o7777;
    const metadata = { isDirectory: directory, uid: stats.uid, gid: stats.gid, mode };
    const suspect = this.couldHaveAcl(kind, stats, place);
    if (!suspect && !metadataDeparts(kind, metadata, this.contract)) return;
    const seen = {
      ...metadata,
      ino: stats.ino,
      ctime: stats.ctimeMs,
      birthtime: stats.birthtimeMs,
      links: directory ? 1 : stats.nlink,
    };
    if (!directory && stats.nlink > 1) this.linked.set(stats.ino, (this.linked.get(stats.ino) ?? 0) + 1);
    const ask = suspect || (this.options.acls && !this.isTrusted(stats.uid));
    this.candidates.push({ place, name, kind, seen, ask });
  }

  /** What the asker or root owns, nobody else can have given an ACL. */
  private isTrusted(uid: number): boolean {
    return uid === 0 || uid === this.contract.uid;
  }

  private refuse(place: Place, name: string, reason: RefusalReason, uid: number): void {
    this.refused.push({ path: show(pathOf(place, name)), reason, uid });
  }

  /** The same reasoning as the doctor's: an ACL that was set later shows in ctime, and one from the start comes from the directory. */
  private couldHaveAcl(kind: EntryKind, stats: EntryStats, place: Place): boolean {
    if (!this.options.acls) return false;
    if (this.options.everyAcl || stats.ctimeMs > this.freshFrom) return true;
    if (isDirectory(stats.mode)) return place.extracted === undefined || stats.ctimeMs > place.extracted;
    return stats.ctimeMs > stats.mtimeMs || kind === "list" || kind === "vcs" || kind === "sumdb";
  }

  /** Reads the ACLs that are wanted, and makes repairs of what departs. */
  async repairs(): Promise<Pick<Plan, "rootRepair" | "directories" | "refused">> {
    const directories = new Map<Place, Repair[]>();
    let rootRepair: Repair | undefined;
    for (let from = 0; from < this.candidates.length; from += mostAsked) {
      const part = this.candidates.slice(from, from + mostAsked);
      const { acls, unseen } = await askAcls(
        part.filter(({ ask }) => ask).map(({ place, name }) => pathOf(place, name)),
      );
      if (unseen !== undefined && !this.problems.includes(unseen)) this.problems.push(`ACLs: ${unseen}`);
      for (const candidate of part) {
        const repair = this.repairOf(candidate, acls.get(pathOf(candidate.place, candidate.name)));
        if (repair === undefined) continue;
        if (repair.name === "") rootRepair = repair;
        else if (directories.get(candidate.place)?.push(repair) === undefined)
          directories.set(candidate.place, [repair]);
      }
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

  private repairOf({ place, name, kind, seen }: Candidate, acls: EntryAcls | undefined): Repair | undefined {
    const wanted = departure(kind, seen, acls, this.contract);
    if (wanted === undefined) return undefined;
    const reason = this.reasonToRefuse(place, name, seen);
    if (reason !== undefined) {
      this.refuse(place, name, reason, seen.uid);
      return undefined;
    }
    const ino = Number.isSafeInteger(seen.ino) ? seen.ino : exactInode(pathOf(place, name));
    if (ino === undefined) return undefined;
    return { name, kind, seen: { ...seen, ino, ...(acls === undefined ? {} : { acls }) }, wanted };
  }

  private reasonToRefuse(place: Place, name: string, seen: Repair["seen"]): RefusalReason | undefined {
    const { owners, unmapped, hardLinks } = this.options;
    if (seen.uid === unmapped) return "unmapped-owner";
    const { members } = this.contract;
    const known = owners.has(seen.uid) || (this.contract.name === "group" && (members?.has(seen.uid) ?? true));
    if (!known) return "foreign-owner";
    if (!seen.isDirectory && (seen.mode & setId) !== 0) return "set-id";
    if (seen.links > 1 && !(hardLinks && this.linked.get(Number(seen.ino)) === seen.links)) return "hard-link";
    const tree = /^[^@]*[^/@]@[^/]*/.exec(place.relative === "" ? name : `${place.relative}/${name}`)?.[0];
    return tree !== undefined && this.unfinished.has(tree) ? "half-extracted" : undefined;
  }
}

/** Setuid and setgid of a file. */
const setId = 0o6000;

function exactInode(path: string): bigint | undefined {
  return lstatSync(toBytes(path), { bigint: true, throwIfNoEntry: false })?.ino;
}

function pathOf(place: Place, name: string): string {
  return name === "" ? place.path : `${place.path}/${name}`;
}

function treeOf(relative: string, partial: string): string {
  const module = relative.slice("cache/download/".length, -"/@v".length);
  return `${module}@${partial.slice(0, -".partial".length)}`;
}
