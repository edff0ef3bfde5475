// Carries a plan out: the journal first, then the changes, a part at a time.
import { show } from "../host/bytes.ts";
import { mountPointsBelow, readMounts } from "../host/mounts.ts";
import { readSelf } from "../host/subject.ts";
import { Changer, type DirectoryChanges } from "../tree/apply.ts";
import type { Change, Outcome } from "../tree/change.ts";
import { ChangeCrew } from "../tree/change-crew.ts";
import type { Root } from "../tree/root.ts";
import { Journal } from "./journal.ts";
import { type Applied, countRepairs, type Plan, type Trouble } from "./plan.ts";
import { type Removed, removeContents } from "./remove.ts";
import type { StateDirectory } from "./state.ts";

export interface ApplyOptions {
  /** Where the journal goes; without one the run cannot be undone. */
  readonly state?: StateDirectory;
  readonly command: string;
  /** The run that is taken back. */
  readonly undoes?: string;
  readonly onProgress?: (done: number, path: string) => void;
  readonly signal?: AbortSignal;
}

/** How many entries go into the journal at a time, before they are changed. */
const part = 4_096;
const mostTroubles = 1_000;
/** How many changes are worth the start of threads. */
const worthThreads = 1_000;
/** How often progress is told. */
const progressEach = 50;

/** @throws {UserError} if the journal cannot be written; what was changed until then stays, and is in the journal */
export async function applyPlan(
  root: Root,
  plan: Pick<Plan, "rootRepair" | "directories" | "contents">,
  options: ApplyOptions,
): Promise<Applied> {
  const tally = new Tally(root.path);
  const isEmpty = plan.rootRepair === undefined && plan.directories.length === 0 && plan.contents.length === 0;
  // That a run was taken back is recorded even if nothing of it was left to take back.
  if (isEmpty && options.undoes === undefined) return tally.applied(undefined);
  const { state, command, undoes } = options;
  const head = { command, root: root.path, rootInode: String(root.ino), ...(undoes === undefined ? {} : { undoes }) };
  const journal = state === undefined ? undefined : Journal.begin(state, head);
  const mounts = new MountWatch(root.path);
  const report = (directory: DirectoryChanges, change: Change, outcome: Outcome): void => {
    tally.take(directory, change, outcome);
    if (tally.done % progressEach === 0) options.onProgress?.(tally.done, show(directory.names.join("/")));
  };
  const changer = new Changer(root, report, () => mounts.any);
  const crew = mayBeThreads(plan) ? ChangeCrew.start(root, changer, report) : undefined;
  try {
    if (plan.rootRepair !== undefined) {
      journal?.note([{ names: [], changes: [plan.rootRepair] }]);
      changer.changeRoot(plan.rootRepair);
    }
    for (const directories of parts(plan.directories)) {
      options.signal?.throwIfAborted();
      mounts.look();
      journal?.note(directories);
      if (crew !== undefined) await crew.change(directories, mounts.any);
      else for (const directory of directories) changer.change(directory);
      // Signals and timers get their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await crew?.finish();
    // After the owners and modes, so that who could not enter a directory before can now.
    changer.finish();
    tally.takeRemoved(removeContents(root, plan.contents, journal));
  } finally {
    await crew?.finish();
    changer.finish();
    journal?.end();
  }
  return tally.applied(journal?.id);
}

/**
 * Threads pay for many changes. They make them in any order, so that parents may come after what they hold: only who may enter
 * every directory, whatever its mode, can have that.
 */
function mayBeThreads(plan: Pick<Plan, "rootRepair" | "directories">): boolean {
  if (countRepairs(plan) < worthThreads) return false;
  const { capabilities } = readSelf().subject;
  return capabilities.has("dac_override") || capabilities.has("dac_read_search");
}

function* parts(directories: readonly DirectoryChanges[]): Generator<DirectoryChanges[]> {
  let some: DirectoryChanges[] = [];
  let size = 0;
  for (const directory of directories) {
    some.push(directory);
    size += directory.changes.length;
    if (size < part) continue;
    yield some;
    some = [];
    size = 0;
  }
  if (some.length > 0) yield some;
}

/** Whether something is mounted in the cache, looked at before each part: who can mount there may have done so since the survey. */
class MountWatch {
  any = true;

  constructor(private readonly root: string) {}

  look(): void {
    const mounts = readMounts();
    this.any = !("value" in mounts) || mountPointsBelow(this.root, mounts.value).length > 0;
  }
}

class Tally {
  private changed = 0;
  private removed = 0;
  private skipped = 0;
  private failed = 0;
  private readonly troubles: Trouble[] = [];

  constructor(private readonly root: string) {}

  get done(): number {
    return this.changed + this.skipped + this.failed;
  }

  take({ names }: DirectoryChanges, { name }: Change, outcome: Outcome): void {
    this[outcome.status] += 1;
    if (outcome.status === "changed" || this.troubles.length >= mostTroubles) return;
    const path = show([this.root, ...names, name].filter((one) => one !== "").join("/"));
    this.troubles.push({ path, ...outcome });
  }

  takeRemoved({ removed, troubles }: Removed): void {
    this.removed += removed;
    for (const trouble of troubles) this[trouble.status] += 1;
    this.troubles.push(...troubles.slice(0, mostTroubles));
  }

  applied(id: string | undefined): Applied {
    const { changed, removed, skipped, failed, troubles } = this;
    return { ...(id === undefined ? {} : { id }), changed, removed, skipped, failed, troubles };
  }
}
