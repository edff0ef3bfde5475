// Takes a run back: a plan that gives every entry what it had before, if it still is the file that the run changed.
import type { Stats } from "node:fs";
import { sameAcl, sameButBits, type Wanted } from "../contract/departure.ts";
import { exitStatus, UserError } from "../error.ts";
import { show } from "../host/bytes.ts";
import type { Acl, EntryAcls } from "../permission/acl.ts";
import { askAcls } from "../tree/acls.ts";
import { exactInode, look } from "../tree/look.ts";
import type { Root } from "../tree/root.ts";
import { type JournalDirectory, type JournalEntry, journalIds, readJournal } from "./journal.ts";
import { byPath, type DirectoryRepairs, type Repair, type Trouble } from "./plan.ts";
import type { StateDirectory } from "./state.ts";

/** A run, as `undo --list` shows it. */
export interface Run {
  readonly id: string;
  readonly command: string;
  readonly root: string;
  readonly started: string;
  /** How many entries it was about to change. */
  readonly entries: number;
  /** `cut off`: it was killed, so that it may have changed less. */
  readonly state: "done" | "cut off" | "undone";
  readonly undoes?: string;
}

/** All runs, the newest first. A journal that cannot be read is named in `damaged`. */
export function listRuns(state: StateDirectory): { runs: Run[]; damaged: string[] } {
  const runs: Run[] = [];
  const damaged: string[] = [];
  for (const id of journalIds(state).reverse()) {
    try {
      const { head, directories, ended } = readJournal(state, id);
      const { command, root, started, undoes } = head;
      const entries = directories.reduce((sum, directory) => sum + directory.entries.length, 0);
      // An undo that was cut off has to be finished by another one.
      const isUndone = runs.some((run) => run.undoes === id && run.state === "done");
      const status = isUndone ? "undone" : ended ? "done" : "cut off";
      runs.push({ id, command, root, started, entries, state: status, ...(undoes === undefined ? {} : { undoes }) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      damaged.push(error.message);
    }
  }
  return { runs, damaged };
}

/** The run that `undo` without an ID takes back: the newest that is no undo, and was not undone. @throws {UserError} */
export function lastRun(state: StateDirectory): string {
  const { runs, damaged } = listRuns(state);
  if (damaged[0] !== undefined)
    throw new UserError(damaged[0], "name the run: gomodcache undo ID", exitStatus.findings);
  const run = runs.find((candidate) => candidate.undoes === undefined && candidate.state !== "undone");
  if (run === undefined) throw new UserError("there is nothing to undo", `no run is recorded in ${state.path}`);
  return run.id;
}

export interface UndoPlan {
  readonly rootRepair?: Repair;
  readonly directories: readonly DirectoryRepairs[];
  /** What is not as the run left it, and stays. */
  readonly skipped: readonly Trouble[];
  /** How many entries have what they had before the run already. */
  readonly asBefore: number;
}

/** Looks at what the run changed. Nothing is changed yet. */
export async function planUndo(root: Root, directories: readonly JournalDirectory[]): Promise<UndoPlan> {
  const planner = new Planner(root);
  for (const directory of merge(directories)) await planner.take(directory);
  return planner.plan();
}

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

  constructor(private readonly root: Root) {}

  async take({ names, entries }: JournalDirectory): Promise<void> {
    const base = [this.root.path, ...names].join("/");
    const pathOf = (name: string): string => (name === "" ? base : `${base}/${name}`);
    const withAcls = entries.filter(({ from, to }) => hasAcls(from) || hasAcls(to)).map(({ name }) => pathOf(name));
    const { acls, unseen } = withAcls.length === 0 ? { acls: new Map<string, EntryAcls>() } : await askAcls(withAcls);
    const changes: Repair[] = [];
    for (const entry of entries) {
      const path = pathOf(entry.name);
      const result = unseen !== undefined && withAcls.includes(path) ? unseen : reverse(entry, path, acls.get(path));
      if (typeof result === "string") this.skipped.push({ path: show(path), status: "skipped", reason: result });
      else if (result === undefined) this.asBefore += 1;
      else if (entry.name === "") this.rootRepair = result;
      else changes.push(result);
    }
    if (changes.length > 0) this.directories.push({ names, changes });
  }

  plan(): UndoPlan {
    const { rootRepair, directories, skipped, asBefore } = this;
    return {
      ...(rootRepair === undefined ? {} : { rootRepair }),
      directories: directories.sort(byPath),
      skipped,
      asBefore,
    };
  }
}

function hasAcls({ acl, defaultAcl }: EntryAcls): boolean {
  return acl !== undefined || defaultAcl !== undefined;
}

/** The repair that takes a change back; undefined if there is nothing to take back; a string if the entry is not the run's. */
function reverse(entry: JournalEntry, path: string, acls: EntryAcls | undefined): Repair | string | undefined {
  const stats = look(path);
  if (typeof stats === "string") return stats;
  const ino = Number.isSafeInteger(stats.ino) ? stats.ino : exactInode(path);
  if (ino === undefined || ino !== entry.ino || stats.birthtimeMs !== entry.birthtime)
    return "something else is there now";
  const { from } = entry;
  const mode = stats.mode & 0o7777;
  if (!isOfTheRun(stats, mode, entry, acls)) return "its owner, mode or ACL was changed after the run";
  const asBefore = stats.uid === from.uid && stats.gid === from.gid && mode === from.mode;
  const acl = difference(acls?.acl, from.acl);
  const defaultAcl = difference(acls?.defaultAcl, from.defaultAcl);
  if (asBefore && acl === undefined && defaultAcl === undefined) return undefined;
  const wanted: Wanted = {
    uid: from.uid,
    gid: from.gid,
    mode: from.mode,
    ...(acl === undefined ? {} : { acl }),
    ...(defaultAcl === undefined ? {} : { defaultAcl }),
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
  return { name: entry.name, kind: "foreign", seen, wanted };
}

/** What the run made of the entry, or one of the steps to it, if it was killed there. */
function isOfTheRun(stats: Stats, mode: number, { from, to }: JournalEntry, acls: EntryAcls | undefined): boolean {
  const owners = [from, to].some(({ uid, gid }) => stats.uid === uid && stats.gid === gid);
  const both = from.mode & to.mode;
  // setfacl sets all nine rights at once, before setgid comes.
  const withAcl = (to.mode & 0o777) | (both & 0o7000);
  const modes = [from.mode, to.mode, both, withAcl, to.mode & 0o777].includes(mode);
  return (
    owners &&
    modes &&
    isEither(acls?.acl, from.acl, to.acl) &&
    isEither(acls?.defaultAcl, from.defaultAcl, to.defaultAcl)
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
