// The program of a walking thread: it lists directories, sends their entries back, and leaves every judgement to who asked.
import { parentPort, workerData } from "node:worker_threads";
import { Packer, type Request } from "./batch.ts";
import { Walk, type WalkOptions } from "./walk.ts";

/** How many directories one answer covers: some milliseconds of work. */
const mostDirectories = 400;

const options = workerData as WalkOptions;

parentPort?.on("message", ({ paths }: Request) => {
  const packer = new Packer(paths.length);
  const starts = paths.map((path, directory) => ({ path, directory }));
  const walk = new Walk(packer, starts, options);
  const left: number[] = [];
  let listed = 0;
  const isEnough = (): boolean => {
    listed += 1;
    return listed >= mostDirectories;
  };
  // What only this walk can reach, by its descriptors, is walked to its end.
  while (walk.advance(Number.POSITIVE_INFINITY, isEnough)) {
    left.push(...walk.take(Number.POSITIVE_INFINITY).map(({ directory }) => directory));
  }
  const batch = packer.batch(left, walk.missed);
  parentPort?.postMessage(batch, [batch.stats.buffer as ArrayBuffer]);
});
