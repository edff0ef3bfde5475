// What a run was about to change, written down before it does: enough to give every entry back what it had.
// One JSON document a line, each followed by a hash over it and all lines before it, so that a damaged or edited journal is
// known as such. A last line that was cut off, when the machine died, spoke of changes that had not begun.
import { createHash, randomBytes } from "node:crypto";
import { closeSync, fdatasyncSync, ftruncateSync, writeSync } from "node:fs";
import type { Wanted } from "../contract/departure.ts";
import { exitStatus, UserError } from "../error.ts";
import type { EntryAcls } from "../permission/acl.ts";
import { noDarwinState } from "../permission/darwin-steps.ts";
import type { DirectoryChanges } from "../tree/apply.ts";
import type { ContentRepair } from "./content.ts";
import { type MetadataRecord, toRecord } from "./record.ts";
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

export interface DirectoryLine {
  readonly names: readonly string[];
  /** Entries that had the same and get the same share a line. */
  readonly sets: readonly {
    readonly from: MetadataRecord;
    readonly to: MetadataRecord;
    readonly entries: readonly (readonly [name: string, ino: string, birthtime: number])[];
  }[];
}

export interface RemovalLine {
  readonly rule: string;
  readonly removes: readonly (readonly string[])[];
}

/** What the names of journals end in. */
export const suffix = ".journal";

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
    this.attempt(() =>
      this.line({
        rule,
        removes: removals.map(({ names, removal }) => [...names, removal.name]),
      } satisfies RemovalLine),
    );
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
    const key = keyOf(seen, wanted);
    let set = sets.get(key);
    if (set === undefined) {
      set = {
        from: toRecord({ uid: seen.uid, gid: seen.gid, mode: seen.mode, ...aclsBefore(seen, wanted) }),
        to: toRecord({ uid: wanted.uid, gid: wanted.gid, mode: wanted.mode, ...aclsAfter(wanted, seen.acls) }),
        entries: [],
      };
      sets.set(key, set);
    }
    set.entries.push([name, String(seen.ino), seen.birthtime]);
  }
  return { names, sets: [...sets.values()] };
}

/** The same for entries that have the same and get the same. */
function keyOf(seen: DirectoryChanges["changes"][number]["seen"], wanted: Wanted): string {
  const bits = `${seen.uid} ${seen.gid} ${seen.mode} ${wanted.uid} ${wanted.gid} ${wanted.mode}`;
  const { acl, defaultAcl, darwin } = wanted;
  if ((seen.acls ?? acl ?? defaultAcl ?? darwin) === undefined) return bits;
  const before = toRecord({ uid: 0, gid: 0, mode: 0, ...seen.acls });
  return JSON.stringify([bits, before, toRecord({ uid: 0, gid: 0, mode: 0, ...aclsAfter(wanted, seen.acls) })]);
}

/** What an entry has; that it has no list counts where it gets one. */
function aclsBefore({ acls }: DirectoryChanges["changes"][number]["seen"], { darwin }: Wanted): EntryAcls {
  return darwin === undefined ? (acls ?? {}) : { darwin: noDarwinState, ...acls };
}

/** The ACLs that an entry has when it is as wanted. */
function aclsAfter({ acl, defaultAcl, darwin }: Wanted, before: EntryAcls | undefined): EntryAcls {
  const list = darwin ?? before?.darwin;
  const access = acl ?? before?.acl ?? "none";
  const inherited = defaultAcl ?? before?.defaultAcl ?? "none";
  return {
    ...(access === "none" ? {} : { acl: access }),
    ...(inherited === "none" ? {} : { defaultAcl: inherited }),
    ...(list === undefined ? {} : { darwin: list }),
  };
}

/** The hash after a line, over it and all before it. */
export function chain(hash: string, text: string): string {
  return createHash("sha256").update(hash).update(text).digest("hex").slice(0, 32);
}
