// Until when a cache was in order, as the state directory remembers it: the ACLs of entries that were not changed since need
// not be read again, which is most of the time that a look costs. ctime cannot be set by users, only by the clock (inode(7)).
import { closeSync, writeSync } from "node:fs";
import type { Contract } from "../contract/contract.ts";
import type { Root } from "../tree/root.ts";
import type { StateDirectory } from "./state.ts";

interface Stamp {
  readonly contract: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Clocks of file systems are coarse. */
const margin = 2_000;

/** @returns undefined if it is not known, or was another contract */
export function readStamp(state: StateDirectory, root: Root, contract: Contract): number | undefined {
  try {
    const stamp = JSON.parse(state.read(nameOf(root))) as Partial<Stamp>;
    const isUsable = stamp.contract === keyOf(contract) && Number.isFinite(stamp.until);
    return isUsable && (stamp.until as number) < Date.now() ? stamp.until : undefined;
  } catch {
    // None yet, or one that somebody else could have written.
    return undefined;
  }
}

/** @param began when the look began that found everything in order, or had it brought in order */
export function writeStamp(state: StateDirectory, root: Root, contract: Contract, began: number): void {
  const draft = `${nameOf(root)}.${process.pid}`;
  state.remove(draft);
  const fd = state.create(draft);
  writeSync(fd, JSON.stringify({ contract: keyOf(contract), until: began - margin } satisfies Stamp));
  closeSync(fd);
  state.rename(draft, nameOf(root));
}

function nameOf({ device, ino }: Root): string {
  return `${device}-${ino}.in-order`;
}

function keyOf({ name, uid, gid, umask, defaultAcl, writableTrees }: Contract): string {
  return JSON.stringify([name, uid, gid, umask, defaultAcl !== undefined, writableTrees === true]);
}
