// What the command line says of a trace.
import type { Backend } from "./means.ts";

export interface TraceOptions {
  readonly as?: string;
  readonly backend: Backend | "auto";
  /** Errors that count besides denials. */
  readonly errno: readonly string[];
  readonly allPaths?: boolean;
  readonly pid?: number;
  readonly cgroup?: string;
  /** Seconds. */
  readonly for?: number;
  readonly straceFile?: string;
  readonly mountTracefs?: boolean;
  readonly cacheDir?: string;
}
