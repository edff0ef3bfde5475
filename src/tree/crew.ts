// Several threads that walk one tree, this one among them. The others make system calls and send what they saw; this thread alone
// shows entries to the visitor, and walks on itself while nothing has come. Directories that a thread meets and does not list
// come back to be shared out again.
import { setImmediate } from "node:timers/promises";
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

/** Milliseconds that this thread walks before it looks whether something has come; the others have work for longer. */
const slice = 5;

/** A thread makes much garbage and keeps nothing: a larger nursery costs memory and gains no time. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

interface Member<D> {
  readonly worker: Worker;
  /** The directories of the requests that are not answered yet, in order. */
  readonly requests: Pending<D>[][];
}

interface Answer<D> {
  readonly member: Member<D>;
  readonly batch: Batch;
}

export class Crew<D> {
  private members: Member<D>[];
  /** What has come and is not shown yet. */
  private readonly answers: Answer<D>[] = [];
  /** Wakes this thread when it waits for the others. */
  private wake: () => void = () => undefined;

  /**
   * @param walk whose directories are shared out; nobody else may advance it while the crew runs
   * @param size how many threads to start beside this one
   * @param onSlice called every few milliseconds. Nothing more is walked or shown before it is done; it may throw to end it all
   */
  constructor(
    private readonly walk: Walk<D>,
    private readonly visitor: Visitor<D>,
    options: WalkOptions,
    program: URL,
    size: number,
    private readonly onSlice: () => Promise<void>,
  ) {
    this.members = Array.from({ length: size }, () => {
      const member: Member<D> = { worker: new Worker(program, { workerData: options, resourceLimits }), requests: [] };
      member.worker.on("message", (batch: Batch) => {
        this.answers.push({ member, batch });
        this.wake();
      });
      member.worker.on("error", () => {
        this.lose(member);
        this.wake();
      });
      return member;
    });
  }

  /** Walks to the end. */
  async run(): Promise<void> {
    const { walk } = this;
    try {
      while (walk.left > 0 || !this.isIdle) {
        this.shareOut();
        const { isIdle } = this;
        const mustWait = (): boolean => !isIdle && (walk.left === 0 || walk.isAtLast);
        if (!mustWait()) walk.advance(slice, mustWait);
        else if (this.answers.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
        // Messages come between two turns.
        await setImmediate();
        for (let answer = this.answers.shift(); answer !== undefined; answer = this.answers.shift()) this.take(answer);
        await this.onSlice();
      }
    } finally {
      await Promise.all(this.members.map(({ worker }) => worker.terminate()));
    }
  }

  private shareOut(): void {
    const sharers = this.members.length + 1;
    for (let round = 0; round < mostRequests; round += 1) {
      for (const member of this.members) {
        if (member.requests.length > round) continue;
        // The directory that was put off waits until everything else is shown.
        if (this.walk.isAtLast && !this.isIdle) return;
        const share = Math.min(mostShared, Math.floor(this.walk.left / (sharers * mostRequests)));
        const directories = this.walk.take(share);
        if (directories.length === 0) return;
        member.requests.push(directories);
        member.worker.postMessage({ paths: directories.map(({ path }) => path) } satisfies Request);
      }
    }
  }

  private get isIdle(): boolean {
    return this.members.every(({ requests }) => requests.length === 0);
  }

  private take({ member, batch }: Answer<D>): void {
    const directories = member.requests.shift();
    if (directories !== undefined) this.show(directories, batch);
  }

  /** A thread that dies (it was short of memory, say) showed nothing of its requests: others can do them. */
  private lose(member: Member<D>): void {
    this.members = this.members.filter((other) => other !== member);
    for (const directories of member.requests) this.walk.giveBack(directories);
    member.requests.length = 0;
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
