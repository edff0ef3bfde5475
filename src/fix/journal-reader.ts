// Reads journals back, for undo, and knows one that was damaged or edited.
import { exitStatus, UserError } from "../error.ts";
import {
  chain,
  type DirectoryLine,
  type JournalDirectory,
  type JournalHead,
  type RemovalLine,
  suffix,
} from "./journal.ts";
import { fromRecord } from "./record.ts";
import type { StateDirectory } from "./state.ts";

export interface ReadJournal {
  readonly head: JournalHead;
  readonly directories: JournalDirectory[];
  /** How many broken files and trees it was about to remove, which nothing brings back. */
  readonly removals: number;
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
  const [head, ...rest] = documents as [JournalHead, ...(DirectoryLine | RemovalLine | { ended: string })[]];
  if (head?.gomodcache !== "journal" || head.version !== 1 || head.id !== id) throw broken("line 1");
  const directories = rest.flatMap((line) => ("sets" in line ? [directoryOf(line)] : []));
  const removals = rest.reduce((sum, line) => sum + ("removes" in line ? line.removes.length : 0), 0);
  return { head, directories, removals, ended: rest.some((line) => "ended" in line) };
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
