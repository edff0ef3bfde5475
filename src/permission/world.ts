// The port through which pure code sees a file system, and how it says that something was refused or could not be seen.
import type { DecidedBy, Decision, Errno, Need } from "./decision.ts";
import type { Entry } from "./entry.ts";

/** Something that the machine would not show: never the same as absent. */
export class Unseen {
  constructor(readonly reason: string) {}
}

/** A file system as one observer sees it. Paths are absolute, without `.`, `..` or a trailing slash; links are not followed. */
export interface World {
  /** lstat(2). */
  look(path: string): Entry | "absent" | Unseen;
  /** readdir(3) without `.` and `..`. */
  names(path: string): readonly string[] | Unseen;
  /** readlink(2). */
  target(path: string): string | Unseen;
}

/** The settings of /proc/sys/fs that take away what modes grant (proc_sys_fs(5)). */
export interface KernelSettings {
  readonly protectedRegular: number;
  readonly protectedFifos: number;
  readonly protectedSymlinks: number;
}

/** What a system call needed of one path component and did not get. */
export interface Denial {
  /** The component that refused; it may be a directory far above the path that was asked for. */
  readonly path: string;
  readonly entry?: Entry;
  readonly need: Need | "create" | "delete" | "rename" | "chmod" | "chown" | "exist" | "type" | "follow";
  readonly by: DecidedBy | "absent";
  readonly because: string;
}

/** A system call that fails for the subject. */
export class Refused extends Error {
  constructor(
    readonly call: string,
    readonly path: string,
    readonly errno: Errno,
    readonly denial: Denial,
  ) {
    super(`${call} ${path}: ${errno}`);
  }
}

/** A system call whose outcome cannot be told. */
export class Unknowable extends Error {
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path}: ${reason}`);
  }
}

/** Turns a decision into silence (yes), Refused (no) or Unknowable. */
export function enforce(
  decision: Decision,
  call: string,
  path: string,
  at: { path: string; entry: Entry },
  need: Denial["need"],
): void {
  if (decision.verdict === "yes") return;
  if (decision.verdict === "unknown") throw new Unknowable(at.path, decision.because);
  throw new Refused(call, path, decision.errno ?? "EACCES", {
    need,
    by: decision.by,
    because: decision.because,
    ...at,
  });
}

/** A refusal that no permission bit decides: wrong type, existing, busy. */
export function refusal(
  call: string,
  path: string,
  at: { path: string; entry: Entry },
  errno: Errno,
  need: Denial["need"],
  because: string,
): Refused {
  const by = errno === "EBUSY" ? "mount-point" : errno === "EPERM" ? "immutable" : "type";
  return new Refused(call, path, errno, { need, by, because, ...at });
}
