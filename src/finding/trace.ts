// What `trace` says: denied system calls, put together by the path component that refused them.
import type { EntryKind } from "../gocache/kind.ts";
import type { WhyAnswer } from "./answer.ts";

/** How the credentials of a process are known: read while it lived, or since it could have no others than its parent. */
export type KnownBy = "process" | "inherited" | "unknown";

export interface TracedProcess {
  readonly pid?: number;
  /** The name of its program (comm). */
  readonly name?: string;
  readonly argv?: readonly string[];
}

/** One call on one path; that it was refused again and again is one denial. */
export interface Denial {
  /** `openat` */
  readonly call: string;
  /** `EACCES` */
  readonly errno: string;
  /** Absolute, unless where it started could not be told any more. */
  readonly path: string;
  /** The path as the process sees it, if that is another one: in a container, say. */
  readonly inside?: string;
  /** The tracer did not tell the whole path. */
  readonly cut?: true;
  /** What the call needs: `read`, `create`, `look` (to reach it), `open` (to write it or make it), … */
  readonly wanted: string;
  readonly process: TracedProcess;
  readonly count: number;
  /** The first time: RFC 3339, or what the trace counts. */
  readonly first?: string;
  /** What the path is to go: `module cache`, `build cache`, …; absent if it is none of what go uses. */
  readonly area?: string;
  readonly kind?: EntryKind;
}

/**
 * What a finding has to do with the command's failure. `cause`: it led to it. `effect`: it came of a cause. `ignored`: go goes on
 * without. `unclear`: it cannot be told.
 */
export type Role = "cause" | "effect" | "ignored" | "unclear";

export interface TraceFinding {
  readonly role: Role;
  /** True if what the command printed names one of the paths. */
  readonly said: boolean;
  /** What go makes of such a refusal, where that is not what it says. */
  readonly note?: string;
  readonly credentials: KnownBy;
  /** The chain of the first denial as it is now, and what would change it. */
  readonly why: WhyAnswer;
  /** The first come first. */
  readonly denials: readonly Denial[];
  /** Refused calls in all. */
  readonly count: number;
}

export interface TraceReport {
  /** Empty if it attached to what ran already, or read a file. */
  readonly argv: readonly string[];
  /** What was looked at instead of a command: `process 123`, `control group /x`, a file. */
  readonly target?: string;
  readonly backend: "strace" | "bpftrace" | "strace-file";
  /** Of the command; absent if it was ended by a signal, or if there is none. */
  readonly exitCode?: number;
  readonly signal?: string;
  /** GOMODCACHE; empty if unset. */
  readonly cache: string;
  readonly findings: readonly TraceFinding[];
  /** Denied calls on what go does not use, which are not shown. */
  readonly elsewhere: number;
  /** What could not be seen, and what to know about it. */
  readonly notes: readonly string[];
}
