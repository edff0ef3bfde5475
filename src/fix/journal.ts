// What a run was about to change, written down before it does: enough to give every entry back what it had.
// One JSON document a line, each followed by a hash over it and all lines before it, so that a damaged or edited journal is
// known as such. A last line that was cut off, when the machine died, spoke of changes that had not begun.
import { createHash, randomBytes } from "node:crypto";
import { closeSync, fdatasyncSync, ftruncateSync, writeSync } from "node:fs";
import type { Wanted } from "../contract/departure.ts";
import { exitStatus, UserError } from "../error.ts";
import type { EntryAcls } from "../permission/acl.ts";
import type { DirectoryChanges } from "../tree/apply.ts";
import type { ContentRepair } from "./content.ts";
import { fromRecord, type MetadataRecord, toRecord } from "./record.ts";
import type { StateDirectory } from "./state.ts";

export interface JournalHead {
  readonly gomodcache: "journal";
  readonly version: 1;
  readonly id: string;
  readonly command: string;
  /** GOMODCACHE without links, and the inode it was. */
  readonly root: string;
  readonly rootInode: string;
  /** ISO 8601. */
  readonly started: string;
  /** The run that this one took back. */
  readonly undoes?: string;
}

/** One entry: how it was, and how it was to be. */
export interface JournalEntry {
  readonly name: string;
  readonly ino: number | bigint;
  /** Milliseconds. */
  readonly birthtime: number;
  readonly from: Metadata;
  readonly to: Metadata;
}

export interface Metadata extends EntryAcls {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

export interface JournalDirectory {
  readonly names: readonly string[];
  readonly entries: readonly JournalEntry[];
}

interface DirectoryLine {
  readonly names: readonly string[];
  /** Entries that had the same and get the same share a line. */
  readonly sets: readonly {
    readonly from: MetadataRecord;
    readonly to: MetadataRecord;
    readonly entries: readonly (readonly [name: string, ino: string, birthtime: number])[];
  }[];
}

const suffix = ".journal";

export class Journal {
  private hash = "";
  /** Bytes of the lines that are whole. */
  private size = 0;
  /** True when a line could not be written: what is there then is left as it is. */
  private broken = false;

  private constructor(
    readonly id: string,
    private readonly fd: number,
  ) {}

  /** Begins a journal. @throws {UserError} if it cannot be written */
  static begin(state: StateDirectory, head: Pick<JournalHead, "command" | "root" | "rootInode" | "undoes">): Journal {
    const started = new Date().toISOString();
    // With milliseconds: several runs of one second are in order by their IDs.
    const id = `${started.slice(0, 23).replace(/[-:.]/g, "").replace("T", "-")}-${randomBytes(2).toString("hex")}`;
    const journal = new Journal(id, Journal.create(state, id));
    journal.attempt(() => {
      journal.line({ gomodcache: "journal", version: 1, id, started, ...head } satisfies JournalHead);
      state.sync();
    });
    return journal;
  }

  private static create(state: StateDirectory, id: string): number {
    try {
      return state.create(id + suffix);
    } catch (error) {
      throw unwritable(error);
    }
  }

  /** Writes changes down and waits until the disk has them. @throws {UserError} if it cannot: then nothing may be changed */
  note(directories: readonly DirectoryChanges[]): void {
    this.attempt(() => {
      for (const directory of directories) this.line(lineOf(directory));
      fdatasyncSync(this.fd);
    });
  }

  /** Without this last line the run counts as cut off, which undo can take back just as well. */
  end(): void {
    try {
      if (!this.broken) this.attempt(() => this.line({ ended: new Date().toISOString() }));
    } finally {
      closeSync(this.fd);
    }
  }

  /** Writes down what is removed. It cannot be given back: go makes it anew. @throws {UserError} if it cannot */
  noteRemovals({ rule, removals }: ContentRepair): void {
    this.attempt(() => this.line({ rule, removes: removals.map(({ names, removal }) => [...names, removal.name]) }));
  }

  private attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.broken = true;
      this.dropHalfLine();
      throw unwritable(error);
    }
  }

  private line(value: object): void {
    const text = JSON.stringify(value);
    this.hash = chain(this.hash, text);
    const bytes = Buffer.from(`${text}\t${this.hash}\n`);
    // A file system that is nearly full takes a part and refuses the rest only when asked again.
    for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at);
    this.size += bytes.length;
  }

  /** What nothing was changed for need not stay; if it does, a reader sees by its missing newline that it is half a line. */
  private dropHalfLine(): void {
    try {
      ftruncateSync(this.fd, this.size);
    } catch {
      // The reader's way is enough.
    }
  }
}

function unwritable(error: unknown): UserError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return new UserError(
    `the journal cannot be written (${code}), so nothing more is changed`,
    "free some space, or name another directory with --state-dir DIR",
    exitStatus.findings,
  );
}

function lineOf({ names, changes }: DirectoryChanges): DirectoryLine {
  const sets = new Map<string, DirectoryLine["sets"][number] & { entries: [string, string, number][] }>();
  for (const { name, seen, wanted } of changes) {
    const from = toRecord({ uid: seen.uid, gid: seen.gid, mode: seen.mode, ...seen.acls });
    const to = toRecord({ uid: wanted.uid, gid: wanted.gid, mode: wanted.mode, ...aclsAfter(wanted, seen.acls) });
    const key = JSON.stringify([from, to]);
    const set = sets.get(key) ?? { from, to, entries: [] };
    set.entries.push([name, String(seen.ino), seen.birthtime]);
    sets.set(key, set);
  }
  return { names, sets: [...sets.values()] };
}

/** The ACLs that an entry has when it is as wanted. */
function aclsAfter({ acl, defaultAcl }: Wanted, before: EntryAcls | undefined): EntryAcls {
  const access = acl ?? before?.acl ?? "none";
  const inherited = defaultAcl ?? before?.defaultAcl ?? "none";
  return {
    ...(access === "none" ? {} : { acl: access }),
    ...(inherited === "none" ? {} : { defaultAcl: inherited }),
  };
}

export interface ReadJournal {
  readonly head: JournalHead;
  readonly directories: JournalDirectory[];
  /** False if the run was cut off. */
  readonly ended: boolean;
}

/** Reads a journal. @throws {UserError} if there is none, or if it is not as it was written */
export function readJournal(state: StateDirectory, id: string): ReadJournal {
  const journal = readIfBegun(state, id);
  if (journal !== undefined) return journal;
  throw new UserError(`the run ${id} was cut off before it changed anything`, "gomodcache undo --list shows the runs");
}

/** Reads a journal; undefined if the run was cut off before the first line, and so before any change. @throws {UserError} as above */
export function readIfBegun(state: StateDirectory, id: string): ReadJournal | undefined {
  const broken = (where: string): UserError =>
    new UserError(
      `the journal ${state.path}/${id}${suffix} was changed after it was written (${where})`,
      "nothing was undone: restore the file from a backup, or repair the cache with gomodcache fix",
      exitStatus.findings,
    );
  let text: string;
  try {
    text = state.read(id + suffix);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError(`there is no run ${id}`, "gomodcache undo --list shows the runs");
  }
  const lines = text.split("\n");
  // What follows the last newline is a line that was cut off, or nothing.
  lines.pop();
  if (lines.length === 0) return undefined;
  const documents: unknown[] = [];
  let hash = "";
  for (const [index, line] of lines.entries()) {
    const tab = line.lastIndexOf("\t");
    const document = line.slice(0, tab);
    hash = chain(hash, document);
    if (tab < 0 || line.slice(tab + 1) !== hash) throw broken(`line ${index + 1}`);
    documents.push(JSON.parse(document));
  }
  const [head, ...rest] = documents as [JournalHead, ...(DirectoryLine | { ended: string })[]];
  if (head?.gomodcache !== "journal" || head.version !== 1 || head.id !== id) throw broken("line 1");
  const directories = rest.flatMap((line) => ("sets" in line ? [directoryOf(line)] : []));
  return { head, directories, ended: rest.some((line) => "ended" in line) };
}

/** The IDs of all runs, the oldest first. */
export function journalIds(state: StateDirectory): string[] {
  return state.names().flatMap((name) => (name.endsWith(suffix) ? [name.slice(0, -suffix.length)] : []));
}

function directoryOf({ names, sets }: DirectoryLine): JournalDirectory {
  const entries = sets.flatMap(({ from, to, entries: own }) => {
    const [before, after] = [fromRecord(from), fromRecord(to)];
    return own.map(([name, ino, birthtime]) => {
      const number = Number(ino);
      return { name, ino: Number.isSafeInteger(number) ? number : BigInt(ino), birthtime, from: before, to: after };
    });
  });
  return { names, entries };
}

function chain(hash: string, text: string): string {
  return createHash("sha256").update(hash).update(text).digest("hex").slice(0, 32);
}
