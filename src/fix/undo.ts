// Takes a run back: a plan that gives every entry what it had before, if it still is the file that the run changed.
import { closeSync, type Stats } from "node:fs";
import { sameAcl, sameButBits, type Wanted } from "../contract/departure.ts";
import { kindOf } from "../gocache/kind.ts";
import { show } from "../host/bytes.ts";
import type { Acl, EntryAcls } from "../permission/acl.ts";
import {
  aclsOnTheWay,
  type DarwinState,
  noDarwinState,
  sameDarwinAcl,
  sameDarwinState,
} from "../permission/darwin-steps.ts";
import { getfacl, modeBeforeAcl } from "../tree/acl-change.ts";
import { type Undone, undone } from "../tree/change.ts";
import { DarwinChanger } from "../tree/darwin-change.ts";
import { inodeOf, mostPinned, pin, pinAgain, sitting, statPinned } from "../tree/pin.ts";
import type { Root } from "../tree/root.ts";
import { Way } from "../tree/way.ts";
import type { JournalDirectory, JournalEntry } from "./journal.ts";
import { byPath, type DirectoryRepairs, type Repair, type Trouble } from "./plan.ts";

export interface UndoPlan {
  readonly rootRepair?: Repair;
  readonly directories: readonly DirectoryRepairs[];
  /** What is not as the run left it, and stays. */
  readonly skipped: readonly Trouble[];
  /** How many entries have what they had before the run already. */
  readonly asBefore: number;
}

/** Looks at what the run changed. Nothing is changed yet. */
export function planUndo(root: Root, directories: readonly JournalDirectory[]): UndoPlan {
  const planner = new Planner(root);
  for (const directory of merge(directories)) planner.take(directory);
  return planner.plan();
}

/** How many entries are pinned at a time. */
const mostHeld = 500;

/** A run that was repeated in parts speaks of an entry once: the first record has how it was. */
function merge(directories: readonly JournalDirectory[]): JournalDirectory[] {
  const merged = new Map<string, { names: readonly string[]; entries: Map<string, JournalEntry> }>();
  for (const { names, entries } of directories) {
    const key = names.join("/");
    const at = merged.get(key) ?? { names, entries: new Map() };
    for (const entry of entries) if (!at.entries.has(entry.name)) at.entries.set(entry.name, entry);
    merged.set(key, at);
  }
  return [...merged.values()].map(({ names, entries }) => ({ names, entries: [...entries.values()] }));
}

class Planner {
  private rootRepair: Repair | undefined;
  private readonly directories: DirectoryRepairs[] = [];
  private readonly skipped: Trouble[] = [];
  private asBefore = 0;
  private readonly way: Way;
  private readonly mostHeld = mostPinned(mostHeld);
  private readonly darwin = new DarwinChanger();

  constructor(private readonly root: Root) {
    this.way = new Way(root);
  }

  take({ names, entries }: JournalDirectory): void {
    const base = [this.root.path, ...names].join("/");
    const changes: Repair[] = [];
    const directory = this.way.enter(names);
    for (const [entry, result] of this.compare(directory, names, entries)) {
      const path = show(entry.name === "" ? base : `${base}/${entry.name}`);
      if (typeof result === "string") this.skipped.push({ path, status: "skipped", reason: result });
      else if (result === undefined) this.asBefore += 1;
      else if (entry.name === "") this.rootRepair = result;
      else changes.push(result);
    }
    if (changes.length > 0) this.directories.push({ names, changes });
  }

  /** Pins entries, a few at a time, to compare them with the journal. */
  private *compare(
    directory: number | Undone,
    names: readonly string[],
    entries: readonly JournalEntry[],
  ): Generator<[JournalEntry, ReturnType<typeof reverse>]> {
    for (let from = 0; from < entries.length; from += this.mostHeld) {
      const part = entries.slice(from, from + this.mostHeld);
      if (typeof directory !== "number") {
        for (const entry of part) yield [entry, directory.reason];
        continue;
      }
      const held = part.map((entry) => pinEntry(directory, entry.name));
      try {
        const asked = held.filter((fd, at) => typeof fd === "number" && hasAcls(part[at] as JournalEntry)) as number[];
        const answers = asked.length === 0 ? [] : getfacl(asked);
        for (const [at, entry] of part.entries()) {
          const fd = held[at] as number | string;
          const index = typeof fd === "number" ? asked.indexOf(fd) : -1;
          if (typeof fd === "string") yield [entry, fd];
          else if (index >= 0 && typeof answers === "string") yield [entry, answers];
          else {
            const acls = typeof answers === "string" ? undefined : answers[index];
            const list = hasList(entry) ? this.darwin.read(directory, entry.name) : undefined;
            if (typeof list === "string") yield [entry, list];
            else yield [entry, reverse(entry, names, fd, list === undefined ? acls : { darwin: list })];
          }
        }
      } finally {
        for (const fd of held) if (typeof fd === "number") closeSync(fd);
      }
    }
  }

  plan(): UndoPlan {
    this.way.close();
    const { rootRepair, directories, skipped, asBefore } = this;
    return {
      ...(rootRepair === undefined ? {} : { rootRepair }),
      directories: directories.sort(byPath),
      skipped,
      asBefore,
    };
  }
}

/** Pins an entry; an empty name is the directory itself. @returns in words why it cannot be pinned */
function pinEntry(directory: number, name: string): number | string {
  try {
    return sitting(() => (name === "" ? pinAgain(directory) : pin(directory, name)));
  } catch (error) {
    return undone(error).reason;
  }
}

function hasAcls({ from, to }: JournalEntry): boolean {
  return [from, to].some(({ acl, defaultAcl }) => acl !== undefined || defaultAcl !== undefined);
}

function hasList({ from, to }: JournalEntry): boolean {
  return from.darwin !== undefined || to.darwin !== undefined;
}

/** The repair that takes a change back; undefined if there is nothing to take back; a string if the entry is not the run's. */
function reverse(
  entry: JournalEntry,
  names: readonly string[],
  fd: number,
  acls: EntryAcls | undefined,
): Repair | string | undefined {
  const stats = statPinned(fd);
  const ino = inodeOf(fd, stats);
  if (ino !== entry.ino || stats.birthtimeMs !== entry.birthtime) return "something else is there now";
  const { from } = entry;
  const mode = stats.mode & 0o7777;
  if (!isOfTheRun(stats, mode, entry, acls)) return "its owner, mode or ACL was changed after the run";
  const asBefore = stats.uid === from.uid && stats.gid === from.gid && mode === from.mode;
  const acl = difference(acls?.acl, from.acl);
  const defaultAcl = difference(acls?.defaultAcl, from.defaultAcl);
  const list = hasList(entry) ? (from.darwin ?? noDarwinState) : undefined;
  const darwin = list === undefined || sameDarwinState(acls?.darwin ?? noDarwinState, list) ? undefined : list;
  if (asBefore && (acl ?? defaultAcl ?? darwin) === undefined) return undefined;
  const wanted: Wanted = {
    uid: from.uid,
    gid: from.gid,
    mode: from.mode,
    ...(acl === undefined ? {} : { acl }),
    ...(defaultAcl === undefined ? {} : { defaultAcl }),
    ...(darwin === undefined ? {} : { darwin }),
  };
  const seen = {
    isDirectory: stats.isDirectory(),
    ino,
    ctime: stats.ctimeMs,
    birthtime: stats.birthtimeMs,
    uid: stats.uid,
    gid: stats.gid,
    mode,
    links: stats.isDirectory() ? 1 : stats.nlink,
    ...(acls === undefined ? {} : { acls }),
  };
  const path = [...names, entry.name].filter((name) => name !== "").join("/");
  return { name: entry.name, kind: kindOf(path, seen.isDirectory), seen, wanted };
}

/** What the run made of the entry, or one of the steps to it, if it was killed there. */
function isOfTheRun(stats: Stats, mode: number, { from, to }: JournalEntry, acls: EntryAcls | undefined): boolean {
  const owners = [from, to].some(({ uid, gid }) => stats.uid === uid && stats.gid === gid);
  const both = from.mode & to.mode;
  // setfacl sets all nine rights at once, before setgid comes.
  const withAcl = (to.mode & 0o777) | (both & 0o7000);
  // On the way there, and on the way back of an undo that was killed.
  const waiting = [modeBeforeAcl(from.mode, to.mode, to.acl), modeBeforeAcl(to.mode, from.mode, from.acl)];
  const modes = [from.mode, to.mode, both, ...waiting, withAcl, to.mode & 0o777].includes(mode);
  return (
    owners &&
    modes &&
    isListOfTheRun(acls?.darwin ?? noDarwinState, from.darwin, to.darwin) &&
    isEither(acls?.acl, from.acl, to.acl) &&
    isEither(acls?.defaultAcl, from.defaultAcl, to.defaultAcl)
  );
}

/** The list is changed an entry at a time, between flags that go and flags that come. */
function isListOfTheRun(has: DarwinState, before: DarwinState | undefined, after: DarwinState | undefined): boolean {
  if (before === undefined && after === undefined) return true;
  const [from, to] = [before ?? noDarwinState, after ?? noDarwinState];
  const lists = [...aclsOnTheWay(from.acl, to.acl), ...aclsOnTheWay(to.acl, from.acl)];
  const kept = from.flags.filter((flag) => to.flags.includes(flag));
  return (
    lists.some((acl) => sameDarwinAcl(acl, has.acl)) &&
    [from.flags, to.flags, kept].some((flags) => sameDarwinState({ acl: [], flags }, { acl: [], flags: has.flags }))
  );
}

/** The mask follows the mode, so it may be any of theirs. */
function isEither(has: Acl | undefined, from: Acl | undefined, to: Acl | undefined): boolean {
  return [from, to].some((acl) => has === acl || (has !== undefined && acl !== undefined && sameButBits(has, acl)));
}

function difference(has: Acl | undefined, wanted: Acl | undefined): Acl | "none" | undefined {
  if (wanted === undefined) return has === undefined ? undefined : "none";
  return has !== undefined && sameAcl(has, wanted) ? undefined : wanted;
}
