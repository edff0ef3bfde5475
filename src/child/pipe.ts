// A pipe that a command writes to and that we read from: a named one, opened and unlinked. The pipes that node makes for its children are
// sockets: what opens /dev/stderr by its name, as shell scripts do, cannot open those. And one pipe can be both of a command's output
// streams, so that what it writes to them stays in order. fifo(7).
import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { posix } from "node:path";
import type { Environment } from "../host/container.ts";

export interface Pipe {
  /** Non-blocking. */
  readonly read: number;
  readonly write: number;
}

/** @returns undefined where none can be made: without mkfifo(1), or a directory to make it in */
export function makePipe(env: Environment): Pipe | undefined {
  for (const directory of [env["XDG_RUNTIME_DIR"], env["TMPDIR"], "/tmp", "/dev/shm"]) {
    const pipe = directory?.startsWith("/") ? makeIn(directory, env) : undefined;
    if (pipe !== undefined) return pipe;
  }
  return undefined;
}

function makeIn(parent: string, env: Environment): Pipe | undefined {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(posix.join(parent, "gomodcache-"));
    const path = posix.join(directory, "pipe");
    const { status } = spawnSync("mkfifo", ["-m", "600", path], { env: { PATH: env["PATH"] ?? "/usr/bin:/bin" } });
    if (status !== 0) return undefined;
    // The reader first and without waiting for a writer; then the writer finds one.
    const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return { read, write: openSync(path, constants.O_WRONLY) };
    } catch (error) {
      closeSync(read);
      throw error;
    }
  } catch {
    return undefined;
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}
