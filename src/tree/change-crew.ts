// Several threads that make changes below one root. What has to wait for ACLs is left to the caller's own engine.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type Changer, type DirectoryChanges, type Report, waitsForAcl } from "./apply.ts";
import type { Change, Outcome } from "./change.ts";
import { type ChangeAnswer, isPackable, packChanges } from "./change-batch.ts";
import { mostPinned, servesThreads } from "./pin.ts";
import type { Root } from "./root.ts";
import { deepest } from "./way.ts";

/** Where the build puts the changing thread's program, seen from the bundle's files. */
const program = new URL("./tree/change-worker.js", import.meta.url);

/** How many changes a thread gets at a time: some milliseconds of work; and how many such requests. */
const share = 400;
const mostRequests = 3;
const mostThreads = 4;

const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };
const changed: Outcome = { status: "changed" };

interface Member {
  readonly worker: Worker;
  /** What is not answered yet, in order. */
  readonly requests: (readonly DirectoryChanges[])[];
}

export class ChangeCrew {
  private members: Member[];
  /** Wakes the caller when it waits for the threads. */
  private wake: () => void = () => undefined;

  private constructor(
    root: Root,
    private readonly own: Changer,
    private readonly report: Report,
    size: number,
  ) {
    this.members = Array.from({ length: size }, () => this.member(root));
  }

  /** @param own makes what the threads cannot @returns undefined where there can be no threads */
  static start(root: Root, own: Changer, report: Report): ChangeCrew | undefined {
    if (!servesThreads) return undefined;
    // Each holds the directories on its way open.
    const most = Math.floor(mostPinned(mostThreads * deepest) / deepest);
    const size = Math.min(availableParallelism(), mostThreads, most);
    return size < 2 || !existsSync(program) ? undefined : new ChangeCrew(root, own, report, size);
  }

  /** Makes changes, or hands them out; waits while much is under way. They are made in any order. */
  async change(directories: readonly DirectoryChanges[], hasMounts: boolean): Promise<void> {
    const others: DirectoryChanges[] = [];
    for (const { names, changes } of directories) {
      const [packed, rest] = part(changes, (change) => isPackable(change) && !waitsForAcl(change));
      if (packed.length > 0) others.push({ names, changes: packed });
      if (rest.length > 0) this.own.change({ names, changes: rest });
    }
    for (const one of shares(others)) {
      while (this.members.length > 0 && this.members.every(({ requests }) => requests.length >= mostRequests))
        await this.answer();
      const [member] = [...this.members].sort((a, b) => a.requests.length - b.requests.length);
      if (member === undefined) {
        this.makeOwn(one);
        continue;
      }
      const request = packChanges(one, hasMounts);
      member.requests.push(one);
      member.worker.postMessage(request, [request.numbers.buffer as ArrayBuffer]);
    }
  }

  /** Waits until all is made, and ends the threads. */
  async finish(): Promise<void> {
    while (this.members.some(({ requests }) => requests.length > 0)) await this.answer();
    await Promise.all(this.members.splice(0).map(({ worker }) => worker.terminate()));
  }

  private member(root: Root): Member {
    const member: Member = { worker: new Worker(program, { workerData: root, resourceLimits }), requests: [] };
    member.worker.on("message", (answer: ChangeAnswer) => {
      this.take(member.requests.shift() ?? [], answer);
      this.wake();
    });
    member.worker.on("error", () => {
      this.members = this.members.filter((other) => other !== member);
      // What it had changed already is skipped then: it is no longer as it was seen.
      for (const request of member.requests.splice(0)) this.makeOwn(request);
      this.wake();
    });
    return member;
  }

  private answer(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private take(directories: readonly DirectoryChanges[], { undone }: ChangeAnswer): void {
    const outcomes = new Map(undone);
    let number = 0;
    for (const directory of directories) {
      for (const change of directory.changes) {
        this.report(directory, change, outcomes.get(number) ?? changed);
        number += 1;
      }
    }
  }

  private makeOwn(directories: readonly DirectoryChanges[]): void {
    for (const directory of directories) this.own.change(directory);
  }
}

function part(changes: readonly Change[], mayGo: (change: Change) => boolean): [readonly Change[], readonly Change[]] {
  if (changes.every(mayGo)) return [changes, []];
  return [changes.filter(mayGo), changes.filter((change) => !mayGo(change))];
}

/** Parts of about the same number of changes; a large directory is in several. */
function* shares(directories: readonly DirectoryChanges[]): Generator<DirectoryChanges[]> {
  let some: DirectoryChanges[] = [];
  let size = 0;
  for (const { names, changes } of directories) {
    for (let from = 0; from < changes.length; ) {
      const taken = from === 0 && changes.length <= share - size ? changes : changes.slice(from, from + share - size);
      some.push({ names, changes: taken });
      from += taken.length;
      size += taken.length;
      if (size < share) continue;
      yield some;
      some = [];
      size = 0;
    }
  }
  if (some.length > 0) yield some;
}
