// `undo`: takes a run of init or fix back, or lists the runs.
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { readJournal } from "../fix/journal-reader.ts";
import { countRepairs, type Repairs } from "../fix/plan.ts";
import { lastRun, listRuns } from "../fix/runs.ts";
import { StateDirectory } from "../fix/state.ts";
import { planUndo } from "../fix/undo.ts";
import { defaultStateDirectory } from "../host/state-place.ts";
import { documentHead } from "../report/json.ts";
import { repairJson } from "../report/repair-json.ts";
import { appliedText } from "../report/repair-text.ts";
import { jsonText, printable } from "../report/safe.ts";
import { plural } from "../rules/shared/say.ts";
import { BadRoot, openRoot, type Root } from "../tree/root.ts";
import { carryOut, say } from "./repairing.ts";
import { type CommonOptions, renderOptions } from "./terminal.ts";

export interface UndoOptions extends CommonOptions {
  readonly list?: boolean;
  readonly stateDir?: string;
  readonly dryRun?: boolean;
  readonly trustTree?: boolean;
  readonly progress: boolean;
}

export async function undo(id: string | undefined, options: UndoOptions, context: Context): Promise<ExitStatus> {
  const given = options.stateDir === undefined ? undefined : resolve(context.cwd, options.stateDir);
  const path = given ?? defaultStateDirectory(process.geteuid?.() ?? 0, context.env);
  const state = StateDirectory.open(path, undefined, false);
  if (options.list === true) return list(state, options, context);
  if (state === undefined)
    throw new UserError(
      `there is nothing to undo: no run is recorded in ${path}`,
      "name its place with --state-dir DIR",
    );
  const { head, directories, removals } = readJournal(state, id ?? lastRun(state));
  const root = openAgain(head.root, head.rootInode);
  const { rootRepair, directories: back, skipped, asBefore } = planUndo(root, directories);
  const rendering = renderOptions(options, context);
  const entries = directories.reduce((sum, directory) => sum + directory.entries.length, 0);
  const repairs: Repairs = {
    root: root.path,
    ...(rootRepair === undefined ? {} : { rootRepair }),
    ...{ directories: back, entries },
  };
  if (options.dryRun === true) {
    if (options.json === true) await say(context, repairJson("undo", repairs, undefined, rendering));
    else
      await say(
        context,
        `Would give back ${plural(countRepairs(repairs), "entry", "entries")} of run ${head.id}; ${skipped.length} are no longer as it left them; nothing was changed\n`,
      );
    return exitStatus.ok;
  }
  const run = {
    command: "undo",
    quiet: options.quiet === true,
    progress: options.progress,
    undoes: head.id,
    trustTree: options.trustTree,
  };
  const done = await carryOut(root, { ...repairs, contents: [] }, state, run, context);
  const applied = { ...done, skipped: done.skipped + skipped.length, troubles: [...skipped, ...done.troubles] };
  if (options.json === true) await say(context, repairJson("undo", repairs, applied, rendering));
  else {
    const already = asBefore > 0 ? `${plural(asBefore, "entry", "entries")} had what they had before already\n` : "";
    const gone =
      removals > 0
        ? `${plural(removals, "broken file or tree", "broken files and trees")} stay removed: go makes them anew\n`
        : "";
    await say(
      context,
      already + gone + appliedText(repairs, applied, { ...rendering, verb: "Gave back", givesBack: true }),
    );
  }
  if (applied.failed > 0 && applied.troubles.some(({ code }) => code === "EPERM")) return exitStatus.privilege;
  return applied.failed > 0 || applied.skipped > 0 ? exitStatus.findings : exitStatus.ok;
}

/** The directory of the run, if it still is the same one. */
function openAgain(path: string, inode: string): Root {
  let root: Root;
  try {
    // The journal has the path without links: whatever is a link now was put there later.
    root = openRoot(path, () => false);
  } catch (error) {
    if (!(error instanceof BadRoot)) throw error;
    throw new UserError(error.message, "the cache of that run is gone: there is nothing to undo", exitStatus.findings);
  }
  if (String(root.ino) === inode) return root;
  throw new UserError(`${path} is another directory than in that run`, "nothing was undone", exitStatus.findings);
}

async function list(state: StateDirectory | undefined, options: UndoOptions, context: Context): Promise<ExitStatus> {
  const { runs, damaged } = state === undefined ? { runs: [], damaged: [] } : listRuns(state);
  if (options.json === true) {
    const document = { ...documentHead("undo", { version: context.version }), runs, damaged };
    await say(context, `${jsonText(document)}\n`);
    return exitStatus.ok;
  }
  const lines = runs.map(({ id, command, root, entries, state: status, undoes }) => {
    const what = undoes === undefined ? command : `undo of ${undoes}`;
    return `${id}  ${status.padEnd(7)}  ${plural(entries, "entry", "entries")}  ${what}  ${printable(root)}`;
  });
  await say(context, [...lines, ...damaged.map(printable), ""].join("\n") || "No run is recorded.\n");
  return damaged.length > 0 ? exitStatus.findings : exitStatus.ok;
}
