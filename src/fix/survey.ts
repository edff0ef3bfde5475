// Walks a cache past its contract: what departs becomes a plan. It only reads, and what it reads is compared again, on pinned
// entries, before anything is changed.
import type { Contract } from "../contract/contract.ts";
import { show } from "../host/bytes.ts";
import { statPinned } from "../tree/pin.ts";
import type { Root } from "../tree/root.ts";
import { tour } from "../tree/tour.ts";
import { Walk, type WalkOptions } from "../tree/walk.ts";
import { Watchdog } from "../tree/watchdog.ts";
import { deepest } from "../tree/way.ts";
import type { Broken } from "./broken.ts";
import { type InspectOptions, Inspector } from "./inspector.ts";
import type { Plan } from "./plan.ts";

export interface SurveyOptions extends InspectOptions {
  /** Where file systems are mounted. */
  readonly mountPoints: ReadonlySet<string>;
  /** False to look at GOMODCACHE, `cache` and `cache/download` only. */
  readonly whole: boolean;
  readonly onProgress?: (entries: number, path: string) => void;
  readonly worker?: URL;
}

export interface Surveyed
  extends Pick<Plan, "rootRepair" | "directories" | "refused" | "entries" | "unseen" | "whole"> {
  /** Contents that are broken as their size or name tells. */
  readonly broken: readonly Broken[];
}

export async function surveyContract(root: Root, contract: Contract, options: SurveyOptions): Promise<Surveyed> {
  const visitor = new Inspector(root.path, contract, options);
  const start = visitor.meetRoot(statPinned(root.fd));
  const walkOptions: WalkOptions = {
    device: root.device,
    mountPoints: options.mountPoints,
    last: `${root.path}/cache`,
  };
  const accept = (name: string): boolean => name === "cache";
  const walk = new Walk(
    visitor,
    [{ path: root.path, directory: start, ...(options.whole ? {} : { accept }) }],
    walkOptions,
  );
  const watchdog = new Watchdog(root.path);
  const pause = async (): Promise<void> => {
    watchdog.beat();
    options.onProgress?.(visitor.entries, show(walk.current));
    await visitor.pause();
  };
  try {
    if (options.whole) await tour(walk, visitor, walkOptions, pause, options.worker);
    else {
      // The root's own names, then those of `cache`.
      walk.advance(0);
      walk.advance(0);
      walk.stop();
    }
  } finally {
    watchdog.stop();
  }
  const { missed } = walk;
  const unseen = missed.unread.map(({ path, reason }) => `${show(path)}: ${reason}`);
  if (missed.unreadCount > missed.unread.length)
    unseen.push(`${missed.unreadCount - missed.unread.length} more places`);
  for (const mount of missed.mounts) unseen.push(`${show(mount)}: another file system, left out`);
  if (visitor.tooDeep > 0) unseen.push(`${visitor.tooDeep} entries that lie more than ${deepest} directories deep`);
  const repairs = await visitor.repairs();
  return {
    ...repairs,
    entries: visitor.entries,
    unseen: [...unseen, ...visitor.problems],
    whole: options.whole,
    broken: visitor.broken,
  };
}
