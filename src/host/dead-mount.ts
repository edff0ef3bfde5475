// A network or FUSE mount whose server is gone makes every system call on it wait, and no signal ends some of those waits.
// So it is first asked by another program, which can be left behind.
import { isNetwork, type Mount } from "../permission/mount.ts";
import { Unseen } from "../permission/world.ts";
import { toBytes } from "./bytes.ts";
import { run } from "./run.ts";
import { systemPath } from "./system-path.ts";

/** Milliseconds that a server may take. */
const patience = 3_000;

/** @returns why not, or undefined if the mount answers, or is local and needs not be asked */
export function answers(mount: Mount, probe: (path: string) => boolean = statInTime): Unseen | undefined {
  if (!isNetwork(mount) && !mount.type.startsWith("fuse") && mount.type !== "autofs") return undefined;
  if (probe(mount.mountPoint)) return undefined;
  return new Unseen(`${mount.mountPoint} (${mount.type}) does not answer within ${patience / 1000} s`);
}

function statInTime(path: string): boolean {
  const bytes = toBytes(path);
  if (typeof bytes !== "string") return true;
  // timeout(1) stands between: it can be killed even while stat(1) waits in the kernel and cannot.
  const result = run("timeout", ["-s", "KILL", String(patience / 1000), "stat", "--", bytes], {
    env: { PATH: systemPath, LC_ALL: "C" },
    timeout: patience + 500,
  });
  // 137: killed by timeout(1), which kills its whole group with it, itself too where it leads one. Without that program nothing
  // is known, and the mount is taken as alive.
  return !result.timedOut && result.status !== 137 && result.signal !== "SIGKILL";
}
