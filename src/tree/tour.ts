// A walk to its end: in slices, so that timers and signals get their turn, and with threads as soon as it takes long.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Crew, walkWorker } from "./crew.ts";
import type { Visitor, Walk, WalkOptions } from "./walk.ts";

/** Milliseconds of one slice; and how long a walk may take before it gets threads besides this one. */
const slice = 10;
const soon = 80;
const mostThreads = 4;

/**
 * Shows everything to the visitor.
 * @param options those that the walk was made with
 * @param pause called every few milliseconds; it may throw to end the walk
 * @param worker the program of a walking thread, where it is not beside this one
 * @param patience milliseconds that the walk may take before it gets threads
 */
export async function tour<D>(
  walk: Walk<D>,
  visitor: Visitor<D>,
  options: WalkOptions,
  pause: () => Promise<void>,
  worker?: URL,
  patience = soon,
): Promise<void> {
  const program = worker ?? (existsSync(walkWorker) ? walkWorker : undefined);
  const threads = Math.min(availableParallelism() - 1, mostThreads);
  const crewFrom = program === undefined || threads < 1 ? Number.POSITIVE_INFINITY : performance.now() + patience;
  for (let more = true; more; ) {
    more = walk.advance(slice);
    await pause();
    await setImmediate();
    if (program === undefined || !more || performance.now() < crewFrom) continue;
    return new Crew(walk, visitor, options, program, threads, pause).run();
  }
}
