// What both tracers have in common.
import type { FailedCall } from "./reading/call.ts";

export interface Watching {
  /** The errors that count. */
  readonly errnos: ReadonlySet<string>;
  readonly onFailure: (call: FailedCall) => void;
  readonly onNote: (note: string) => void;
}

/** A tracer that is there, and sees what the command does from now on. */
export interface Tracer {
  /** Waits until all that was seen has been told, and ends it. */
  finish(): Promise<void>;
  /** Resolves when it ended by itself: what it watched is gone, or somebody killed it. */
  readonly ended: Promise<void>;
}

/** Calls that are about an open file: they cost a stop each, so they are watched only where an error that they alone give is asked for. */
const ofOpenFiles: Readonly<Record<string, readonly string[]>> = {
  ENOLCK: ["flock"],
  EAGAIN: ["flock"],
  ENOSPC: ["write", "pwrite64", "fsync", "fallocate", "ftruncate"],
  EDQUOT: ["write", "pwrite64", "fsync", "fallocate", "ftruncate"],
  EIO: ["write", "pwrite64", "fsync"],
  EFBIG: ["write", "pwrite64", "fallocate", "ftruncate"],
};

/** The calls about open files that these errors need. */
export function callsOnOpenFiles(errnos: ReadonlySet<string>): string[] {
  const calls = new Set(["fchmod", "fchown", "fchdir"]);
  for (const errno of errnos) for (const call of ofOpenFiles[errno] ?? []) calls.add(call);
  return [...calls];
}
