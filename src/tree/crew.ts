// Several threads that walk one tree: they make the system calls, which are nearly all of the time, and this thread alone
// shows the entries to the visitor. Directories that a thread meets and does not list come back to be shared out again.
import { Worker } from "node:worker_threads";
import type { Batch, Request } from "./batch.ts";
import { Unpacker } from "./batch.ts";
import { isDirectory } from "./entry.ts";
import type { Pending, Visitor, Walk, WalkOptions } from "./walk.ts";

/** Where the build puts the walking thread's program, seen from the bundle's files. */
export const walkWorker = new URL("./tree/walk-worker.js", import.meta.url);

/** How many directories a thread gets at a time, if there are enough for all. */
const mostShared = 64;
/** How many requests a thread has at a time, so that it need not wait for the next. */
const mostRequests = 2;

/** A thread makes much garbage and keeps nothing: a larger nursery costs memory and gains no time. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

interface Member<D> {
  readonly worker: Worker;
  /** The directories of the requests that are not answered yet, in order. */
  readonly requests: Pending<D>[][];
}

export class Crew<D> {
  private members: Member<D>[];
  private readonly size: number;
  private finish: () => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;

  /**
   * @param walk whose directories are shared out; it must not be advanced while the crew runs
   * @param onBatch called after some entries were shown. No more are asked for before it is done; it may throw to end it all
   */
  constructor(
    private readonly walk: Walk<D>,
    private readonly visitor: Visitor<D>,
    options: WalkOptions,
    program: URL,
    size: number,
    private readonly onBatch: () => Promise<void>,
  ) {
    this.size = size;
    this.members = Array.from({ length: size }, () => {
      const member: Member<D> = { worker: new Worker(program, { workerData: options, resourceLimits }), requests: [] };
      member.worker.on("message", (batch: Batch) => void this.take(member, batch));
      member.worker.on("error", () => this.lose(member));
      return member;
    });
  }

  /** Walks until nothing is left that can be shared. What is left then, the walk itself can do. */
  async run(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.finish = resolve;
        this.fail = reject;
        this.shareOut();
      });
    } finally {
      await Promise.all(this.members.map(({ worker }) => worker.terminate()));
    }
  }

  private shareOut(): void {
    for (let round = 0; round < mostRequests; round += 1) {
      for (const member of this.members) {
        if (member.requests.length > round) continue;
        // The directory that was put off waits until everything else is shown.
        if (this.walk.isAtLast && !this.isIdle) break;
        const share = Math.min(mostShared, Math.ceil(this.walk.left / (this.size * mostRequests)));
        const directories = this.walk.take(share);
        if (directories.length === 0) break;
        member.requests.push(directories);
        member.worker.postMessage({ paths: directories.map(({ path }) => path) } satisfies Request);
      }
    }
    if (this.isIdle) this.finish();
  }

  private get isIdle(): boolean {
    return this.members.every(({ requests }) => requests.length === 0);
  }

  private async take(member: Member<D>, batch: Batch): Promise<void> {
    const directories = member.requests.shift();
    if (directories === undefined) return;
    try {
      this.show(directories, batch);
      await this.onBatch();
      this.shareOut();
    } catch (error) {
      this.fail(error);
    }
  }

  /** A thread that dies (it was short of memory, say) showed nothing of its requests: others can do them. */
  private lose(member: Member<D>): void {
    this.members = this.members.filter((other) => other !== member);
    for (const directories of member.requests) this.walk.giveBack(directories);
    this.shareOut();
  }

  private show(directories: readonly Pending<D>[], { names, stats, listed, left, missed }: Batch): void {
    const { visitor, walk } = this;
    const allNames = names === "" ? [] : names.split("/");
    const unpacker = new Unpacker(stats);
    const met = new Map<number, Pending<D>>(directories.entries());
    let entry = 0;
    for (let at = 0; at < listed.length; at += 2) {
      const { path, directory, raw } = met.get(listed[at] as number) as Pending<D>;
      walk.current = path;
      const base = path === "/" ? "/" : `${path}/`;
      for (const end = entry + (listed[at + 1] as number); entry < end; entry += 1) {
        const name = allNames[entry] as string;
        const one = unpacker.next();
        if (isDirectory(one.mode)) {
          const below = base + name;
          const known = { path: below, access: below, directory: visitor.enter(name, below, one, directory), raw };
          met.set(directories.length + entry, known);
        } else {
          visitor.visit(name, one, directory);
        }
      }
      visitor.finish(directory);
    }
    walk.giveBack(left.map((number) => met.get(number) as Pending<D>));
    walk.missed.add(missed);
  }
}
