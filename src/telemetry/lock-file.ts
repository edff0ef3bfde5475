// A lock for a moment's work on a file that several processes replace, also in containers that share a directory, where a PID tells
// nothing: it is a file beside it, and one that is older than any such work takes was left by a process that died. Node has no flock(2).
import { randomBytes } from "node:crypto";
import { closeSync, linkSync, lstatSync, openSync, renameSync, unlinkSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** Milliseconds after which nobody holds a lock any more. */
const longestHold = 10_000;
/** Milliseconds between two looks. */
const interval = 10;

/**
 * Does something while nobody else does it. The work must not wait for anything.
 * @param lock the lock's path
 * @param patience milliseconds
 * @returns false if the lock was not free in all that time
 * @throws NodeJS.ErrnoException if there can be no lock, or what the work throws
 */
export async function withLock(lock: string, patience: number, work: () => void): Promise<boolean> {
  const until = performance.now() + patience;
  while (!tryTake(lock)) {
    takeAwayStale(lock);
    if (performance.now() >= until) return false;
    await setTimeout(interval * (0.5 + Math.random()));
  }
  try {
    work();
  } finally {
    unlinkSync(lock);
  }
  return true;
}

function tryTake(lock: string): boolean {
  try {
    closeSync(openSync(lock, "wx", 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves it away under a name of our own first: of several who see that it is stale, one has it then. */
function takeAwayStale(lock: string): void {
  const seen = lstatSync(lock, { throwIfNoEntry: false });
  if (seen === undefined || Date.now() - seen.mtimeMs < longestHold) return;
  const mine = `${lock}.${randomBytes(8).toString("hex")}`;
  try {
    renameSync(lock, mine);
    // Another may have replaced it between the look and the move: then it goes back.
    if (lstatSync(mine).ino !== seen.ino) linkSync(mine, lock);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    if (code !== "EEXIST") throw error;
  }
  unlinkSync(mine);
}
