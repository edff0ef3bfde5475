// The runs that are recorded, and which of them undo takes back.
import { exitStatus, UserError } from "../error.ts";
import { journalIds, readIfBegun } from "./journal-reader.ts";
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
      const journal = readIfBegun(state, id);
      if (journal === undefined) continue;
      const { head, directories, ended } = journal;
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
