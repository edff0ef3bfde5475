// Ends this process where a walk by paths waits for ever: on a mount that was not there when the mounts were looked at, and whose
// server does not answer. The waiting thread can do nothing any more, so that another one watches whether it still moves.
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** Where the build puts the watching thread's program, seen from the bundle's files. */
const program = new URL("./tree/watch-worker.js", import.meta.url);

/** It keeps nothing. */
const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 };

/** What the watching thread is told. */
export interface Watched {
  /** Counts the signs of life, in the first of its 32-bit numbers. */
  readonly beats: SharedArrayBuffer;
  /** The directory that is walked, without links. */
  readonly directory: string;
}

export class Watchdog {
  private readonly beats = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  private readonly count = new Int32Array(this.beats);
  private readonly worker: Worker | undefined;

  /** Begins to watch. @param directory that is walked, without links */
  constructor(directory: string) {
    if (!existsSync(program)) return;
    const workerData: Watched = { beats: this.beats, directory };
    this.worker = new Worker(program, { workerData, resourceLimits });
    this.worker.unref();
    // Without it the walk goes on unwatched.
    this.worker.on("error", () => undefined);
  }

  /** To be called now and then, while all is well. */
  beat(): void {
    Atomics.add(this.count, 0, 1);
  }

  stop(): void {
    void this.worker?.terminate();
  }
}
