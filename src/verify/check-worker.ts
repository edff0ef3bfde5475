// The program of a checking thread: it reads one module version after the other, and leaves every judgement to who asked.
import { parentPort, workerData } from "node:worker_threads";
import { PinnedDirectory } from "../tree/pinned-directory.ts";
import { checkModule } from "./check.ts";
import type { Answer, Request } from "./pool.ts";

const cache = PinnedDirectory.open(workerData as string);
let last: Promise<void> = Promise.resolve();

// One at a time: each takes memory for the names of its files.
parentPort?.on("message", ({ number, question }: Request) => {
  last = last.then(async () => {
    const content = await checkModule(cache, question);
    parentPort?.postMessage({ number, content } satisfies Answer);
  });
});
