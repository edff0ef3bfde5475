// Which go commands run at this moment: proc_pid(5).
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import type { Looked, RunningGo } from "../facts/facts.ts";
import type { Mount } from "../permission/mount.ts";
import { fromBytes, show } from "./bytes.ts";

/** What is told of a command line, in bytes. */
const longestCommand = 300;

/**
 * The processes whose program is called `go`.
 * @param canSeeAll true for root, from whom no process is hidden
 * @param proc the mount of /proc, whose hidepid option hides other users' processes (proc(5))
 */
export function readRunningGo(canSeeAll: boolean, proc?: Mount, directory = "/proc"): Looked<readonly RunningGo[]> {
  const hides = proc?.options.some((option) => /^hidepid=(?!0|off)/.test(option)) === true;
  if (hides && !canSeeAll) return { unseen: "/proc is mounted with hidepid: other users' processes are hidden" };
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    return { unseen: `${directory} could not be read (${(error as NodeJS.ErrnoException).code})` };
  }
  const found: RunningGo[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (head(`${directory}/${name}/comm`, 32).toString() !== "go\n") continue;
      const command = commandLine(head(`${directory}/${name}/cmdline`, longestCommand));
      found.push({ pid: Number(name), uid: statSync(`${directory}/${name}`).uid, command });
    } catch {
      // It ended meanwhile.
    }
  }
  return { value: found };
}

/** The arguments with spaces between; anything that is not text is shown in hexadecimal. */
function commandLine(bytes: Buffer): string {
  const words = fromBytes(bytes).replace(/\0+$/, "").replaceAll("\0", " ");
  return show(words).replace(
    /[\x00-\x1f\x7f]/g,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

function head(path: string, bytes: number): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, 0));
  } finally {
    closeSync(descriptor);
  }
}
