// The program of a thread that lints: it looks at one share of the files after the other.
import { parentPort, workerData } from "node:worker_threads";
import { lintPart } from "../lint/run.ts";
import { type LookOptions, lintOptionsOf, type Share } from "./look.ts";

const options = lintOptionsOf(workerData as LookOptions);

parentPort?.on("message", (share: Share) => parentPort?.postMessage(lintPart(share, options)));
