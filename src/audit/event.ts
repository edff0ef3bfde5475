// What happened while a go command ran, as values: one JSON line each in the event file, which is the source of truth for every sink.
import type { Cause } from "../causes/cause.ts";

interface EventHead {
  readonly schemaVersion: 1;
  /** RFC 3339 with milliseconds, UTC. */
  readonly time: string;
  /** 32 lower-case hexadecimal digits (W3C Trace Context). */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits: the span that this event begins, is, or ends. */
  readonly spanId: string;
}

export interface CommandStarted extends EventHead {
  readonly event: "command-started";
  /** Of TRACEPARENT, if there was one. */
  readonly parentSpanId?: string;
  /** Without credentials: `REDACTED` stands where one was seen. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly pid: number;
  readonly user: { readonly uid: number; readonly gid: number };
  /** GOMODCACHE, as far as it is known. */
  readonly modcache?: string;
  /** `1.26.8`. */
  readonly goVersion?: string;
  /** OpenTelemetry's CI/CD attributes (cicd.pipeline.name, cicd.pipeline.run.id, …), as far as the environment tells them. */
  readonly cicd: Readonly<Record<string, string>>;
  /** Counted from 1; 2 is the first retry. */
  readonly attempt: number;
}

/** One module version (or list of versions) read from the cache or fetched. */
export interface ModuleAccessed extends EventHead {
  readonly event: "module-accessed";
  /** The command's span. */
  readonly parentSpanId: string;
  readonly module: string;
  readonly version?: string;
  readonly what: "list" | "latest" | "info" | "mod" | "zip" | "sumdb" | "module";
  /** True if no fetch was needed. */
  readonly hit: boolean;
  /** `cache`, `vcs`, or the origin (scheme, host, port; no credentials) of the proxy that answered. */
  readonly source: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly bytes?: number;
  /** HTTP status, where there was one. */
  readonly status?: number;
  readonly error?: {
    readonly category: Cause["category"];
    readonly coarse?: "fs" | "net" | "sum";
    readonly message: string;
  };
}

export interface CommandEnded extends EventHead {
  readonly event: "command-ended";
  readonly attempt: number;
  /** The command's own exit status; absent if a signal ended it. */
  readonly exitCode?: number;
  /** `SIGKILL`; absent if it exited. */
  readonly signal?: string;
  /** Milliseconds. */
  readonly duration: number;
  /** Ranked; empty for a success, or for a failure that is not of go's environment. */
  readonly causes: readonly Cause[];
}

export type AuditEvent = CommandStarted | ModuleAccessed | CommandEnded;
