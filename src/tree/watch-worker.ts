// The program of a watching thread: when nothing has moved for long, it looks whether a mount below the directory is to blame, and
// then says so and ends the process, which cannot end itself. A slow disk is no reason.
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { answers } from "../host/dead-mount.ts";
import { readMounts } from "../host/mounts.ts";
import { printable } from "../report/safe.ts";
import type { Watched } from "./watchdog.ts";

/** Milliseconds between two looks, and without a sign of life before the mounts are asked. */
const interval = 500;
const patience = 4_000;

const { beats, directory } = workerData as Watched;
const count = new Int32Array(beats);
let last = -1;
let since = 0;

setInterval(() => {
  const now = Atomics.load(count, 0);
  if (now !== last) {
    last = now;
    since = performance.now();
    return;
  }
  if (performance.now() - since < patience) return;
  const silent = silentMount();
  since = performance.now();
  // It may have moved on meanwhile.
  if (silent === undefined || Atomics.load(count, 0) !== last) return;
  writeSync(
    2,
    `\ngomodcache: ${printable(silent)}: it was mounted while the cache was looked at\n  unmount it, and run this again\n`,
  );
  process.kill(process.pid, "SIGKILL");
}, interval);

/** Why a mount at or below the directory does not answer, in words. */
function silentMount(): string | undefined {
  const mounts = readMounts();
  if (!("value" in mounts)) return undefined;
  for (const mount of mounts.value) {
    const { mountPoint } = mount;
    if (mountPoint !== directory && !mountPoint.startsWith(`${directory}/`)) continue;
    const silent = answers(mount);
    if (silent !== undefined) return silent.reason;
  }
  return undefined;
}
