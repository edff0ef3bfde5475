// The program of a changing thread: the same engine as everywhere, below the same pinned root, whose descriptor all threads share.
import { parentPort, workerData } from "node:worker_threads";
import { Changer } from "./apply.ts";
import type { Outcome } from "./change.ts";
import { type ChangeAnswer, type ChangeRequest, unpackChanges } from "./change-batch.ts";
import type { Root } from "./root.ts";

let undone: [number, Outcome][] = [];
/** Without ACLs to wait for, what comes of the changes is reported in their order. */
let reported = 0;
let hasMounts = true;

const changer = new Changer(
  workerData as Root,
  (_directory, _change, outcome) => {
    if (outcome.status !== "changed") undone.push([reported, outcome]);
    reported += 1;
  },
  () => hasMounts,
);

parentPort?.on("message", (request: ChangeRequest) => {
  undone = [];
  reported = 0;
  hasMounts = request.hasMounts;
  for (const directory of unpackChanges(request)) changer.change(directory);
  parentPort?.postMessage({ undone } satisfies ChangeAnswer);
});
