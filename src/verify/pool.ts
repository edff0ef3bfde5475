// Several threads that check modules. A thread that dies is replaced; what it was at is tried once more, and then given up by name.
import { Worker } from "node:worker_threads";
import type { ModuleContent } from "../facts/content.ts";
import { PinnedDirectory } from "../tree/pinned-directory.ts";
import { type ContentQuestion, checkModule } from "./check.ts";

/** Where the build puts the checking thread's program, seen from the bundle's files. */
export const checkWorker = new URL("./verify/check-worker.js", import.meta.url);

export interface Request {
  readonly number: number;
  readonly question: ContentQuestion;
}

export interface Answer {
  readonly number: number;
  readonly content: ModuleContent;
}

/** What is told of each question, as it is answered. */
export interface Listener {
  readonly onContent: (content: ModuleContent, question: ContentQuestion) => void;
  /** The check itself broke down. */
  readonly onFailure: (question: ContentQuestion, reason: string) => void;
  readonly signal?: AbortSignal;
}

/** How many requests a thread has at a time, so that it need not wait for the next. */
const mostRequests = 2;
const mostTries = 2;
/** Threads that end one after the other without an answer: they cannot work here at all. */
const mostLost = 8;
/** Contents are read into buffers outside of the heap; names and digests of a large module take some ten MB. */
const resourceLimits = { maxOldGenerationSizeMb: 512 };

interface Member {
  readonly worker: Worker;
  readonly requests: Request[];
}

/** Checks everything in this thread, for want of the threads' program. @throws the signal's reason */
export async function checkAlone(
  cache: string,
  questions: readonly ContentQuestion[],
  listener: Listener,
): Promise<void> {
  const directory = PinnedDirectory.open(cache);
  try {
    for (const question of questions) {
      listener.signal?.throwIfAborted();
      try {
        listener.onContent(await checkModule(directory, question), question);
      } catch (error) {
        listener.onFailure(question, (error as Error).message);
      }
    }
  } finally {
    directory.close();
  }
}

export class Pool {
  private readonly members = new Set<Member>();
  private readonly tries = new Map<number, number>();
  private readonly waiting: Request[];
  private open: number;
  private lost = 0;
  private finish: () => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;

  /** @param questions the ones that take longest first, so that no thread ends long after the others */
  constructor(
    private readonly cache: string,
    questions: readonly ContentQuestion[],
    private readonly program: URL,
    private readonly size: number,
    private readonly listener: Listener,
  ) {
    this.waiting = questions.map((question, number) => ({ number, question })).reverse();
    this.open = questions.length;
  }

  /** @throws the signal's reason, if it was aborted */
  async run(): Promise<void> {
    if (this.open === 0) return;
    const { signal } = this.listener;
    const abort = (): void => this.fail(signal?.reason);
    try {
      await new Promise<void>((resolve, reject) => {
        this.finish = resolve;
        this.fail = reject;
        signal?.addEventListener("abort", abort);
        signal?.throwIfAborted();
        for (let at = 0; at < Math.min(this.size, this.open); at += 1) this.hire();
      });
    } finally {
      signal?.removeEventListener("abort", abort);
      await Promise.all([...this.members].map(({ worker }) => worker.terminate()));
    }
  }

  private hire(): void {
    const worker = new Worker(this.program, { workerData: this.cache, resourceLimits });
    const member: Member = { worker, requests: [] };
    this.members.add(member);
    worker.on("message", (answer: Answer) => this.take(member, answer));
    worker.on("error", (error) => this.lose(member, error.message));
    worker.on("exit", () => this.lose(member, "its thread ended"));
    this.feed(member);
  }

  private feed(member: Member): void {
    while (member.requests.length < mostRequests) {
      const request = this.waiting.pop();
      if (request === undefined) return;
      member.requests.push(request);
      member.worker.postMessage(request);
    }
  }

  private take(member: Member, { number, content }: Answer): void {
    const at = member.requests.findIndex((request) => request.number === number);
    const [request] = member.requests.splice(at, 1);
    if (at < 0 || request === undefined) return;
    this.lost = 0;
    this.settle(() => this.listener.onContent(content, request.question));
    this.feed(member);
  }

  private lose(member: Member, reason: string): void {
    if (!this.members.delete(member)) return;
    const [current, ...others] = member.requests.splice(0);
    this.waiting.push(...others.reverse());
    if (current !== undefined) {
      const tries = (this.tries.get(current.number) ?? 0) + 1;
      this.tries.set(current.number, tries);
      if (tries < mostTries) this.waiting.push(current);
      else this.settle(() => this.listener.onFailure(current.question, reason));
    }
    this.lost += 1;
    if (this.lost >= mostLost) {
      for (const { question } of this.waiting.splice(0)) this.settle(() => this.listener.onFailure(question, reason));
    }
    if (this.waiting.length > 0) this.hire();
  }

  private settle(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.fail(error);
    }
    this.open -= 1;
    if (this.open === 0) this.finish();
  }
}
