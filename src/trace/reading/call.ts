// A system call that failed, as a tracer saw it. Names of files are byte strings: one character for each byte (latin1).
import type { Ask } from "../../permission/decision.ts";
import type { ChangedIds } from "./credentials.ts";

/**
 * What a call needs of a path. `look`: only to reach it, as stat(2) does. `open`: to write it, making it first if it is not there.
 * The others are what can be asked of a path.
 */
export type Wanted = Ask | "look" | "open";

export interface WantedPath {
  /** As the program gave it; with `directory` it is relative to that. */
  readonly path: string;
  /** Absolute: what a relative path starts from. Absent if the path is absolute, or if that is not known. */
  readonly directory?: string;
  /** The number of the directory's descriptor, or "cwd", where a relative path starts and the tracer did not name it. */
  readonly from?: number | "cwd";
  readonly wanted: Wanted;
  /** True if the tracer did not tell the whole of it. */
  readonly cut?: true;
}

export interface FailedCall {
  /** `openat`, `mkdirat`, … */
  readonly call: string;
  /** `EACCES`. */
  readonly errno: string;
  /** One; two for rename(2) and link(2), either of which may have been refused. */
  readonly paths: readonly WantedPath[];
  /** The thread; absent in a trace of one process that names none. */
  readonly tid?: number;
  /** The process, if the tracer tells. */
  readonly pid?: number;
  /** The name of the process (comm), if the tracer tells. */
  readonly comm?: string;
  /** Seconds since 1970, or as the trace counts them. */
  readonly time?: number;
  /** What the thread had given itself before, if the trace has such calls. */
  readonly changed?: ChangedIds;
  /** Of the thread at that moment, if the tracer tells: the real ones. */
  readonly ids?: { readonly uid: number; readonly gid: number };
}
