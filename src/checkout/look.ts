// Lints the files of a repository, shared out among threads where there is enough to do: parsing YAML is nearly all of the time.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { LintFile } from "../lint/file.ts";
import { joined, type LintOptions, type LintPart, type LintResult, lintPart } from "../lint/run.ts";

/** Where the build puts the thread's program, seen from the bundle's files. */
const lookWorker = new URL("./checkout/look-worker.js", import.meta.url);

/** In UTF-16 units. Below it, starting a thread takes longer than it saves. */
const leastForThreads = 200_000;
/** In UTF-16 units: some hundredths of a second, so that no thread ends long after the others. */
const shareSize = 30_000;
/** How many shares a thread has at a time, so that it need not wait for the next. */
const mostShares = 2;
const mostThreads = 4;

export interface LookOptions extends Omit<LintOptions, "around"> {
  /** The repository's, absolute: rules ask whether a file is there. */
  readonly root: string;
}

/** Some of the files, in their order. */
export type Share = readonly LintFile[];

/** What the rules are given in any thread. */
export function lintOptionsOf({ root, ...options }: LookOptions): LintOptions {
  return { ...options, around: { has: (path) => existsSync(join(root, path)) } };
}

/** Lints the files. What is said does not depend on how many threads take part; a thread that dies leaves its shares to this one. */
export async function look(
  files: Share,
  options: LookOptions,
  { program = lookWorker, threads = Math.min(availableParallelism(), mostThreads) - 1 } = {},
): Promise<LintResult> {
  const { repository, ...ofFiles } = options;
  const here = lintOptionsOf(ofFiles);
  const ofRepository = lintPart([], { ...here, ...(repository === undefined ? {} : { repository }) });
  const size = files.reduce((sum, { text }) => sum + text.length, 0);
  const parts =
    size < leastForThreads || threads < 1
      ? [lintPart(files, here)]
      : await lookTogether(sharesOf(files), ofFiles, here, program, threads);
  return joined([...parts, ofRepository]);
}

function sharesOf(files: Share): Share[] {
  const shares: LintFile[][] = [];
  let left = 0;
  for (const { path, text } of files) {
    if (left <= 0) {
      shares.push([]);
      left = shareSize;
    }
    shares.at(-1)?.push({ path, text });
    left -= text.length;
  }
  return shares;
}

async function lookTogether(
  shares: readonly Share[],
  options: LookOptions,
  here: LintOptions,
  program: URL,
  threads: number,
): Promise<LintPart[]> {
  const parts: LintPart[] = [];
  const waiting = [...shares.keys()];
  let wake = (): void => undefined;
  let open = 0;
  const crew = Array.from({ length: threads }, () => {
    const worker = new Worker(program, { workerData: options });
    const given: number[] = [];
    const feed = (): void => {
      while (given.length < mostShares && waiting.length > 0) {
        const number = waiting.shift() as number;
        given.push(number);
        open += 1;
        worker.postMessage(shares[number]);
      }
    };
    worker.on("message", (part: LintPart) => {
      parts[given.shift() as number] = part;
      open -= 1;
      feed();
      wake();
    });
    const lose = (): void => {
      open -= given.length;
      waiting.unshift(...given.splice(0));
      wake();
    };
    worker.on("error", lose).on("exit", lose).on("messageerror", lose);
    worker.on("online", feed);
    return worker;
  });
  try {
    while (waiting.length > 0 || open > 0) {
      const number = waiting.shift();
      if (number === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else parts[number] = lintPart(shares[number] as Share, here);
      // Messages come between two turns.
      await setImmediate();
    }
  } finally {
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
  return parts;
}
