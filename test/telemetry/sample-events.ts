// Events of a go command as run records them.
import type { AuditEvent, CommandEnded, CommandStarted, ModuleAccessed } from "../../src/audit/event.ts";
import type { Cause } from "../../src/causes/cause.ts";

export const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
export const commandSpan = "00f067aa0ba902b7";
export const parentSpan = "b7ad6b7169203331";

const head = { schemaVersion: 1, traceId } as const;

export const started: CommandStarted = {
  ...head,
  event: "command-started",
  time: "2026-11-24T06:00:00.000Z",
  spanId: commandSpan,
  parentSpanId: parentSpan,
  argv: ["/usr/local/go/bin/go", "build", "-ldflags=-X main.token=hunter2", "./..."],
  cwd: "/srv/app",
  pid: 4711,
  user: { uid: 2001, gid: 2001 },
  modcache: "/srv/gomod",
  goVersion: "1.26.8",
  cicd: { "cicd.pipeline.name": "build", "cicd.pipeline.run.id": "12" },
  attempt: 1,
};

export const hit: ModuleAccessed = {
  ...head,
  event: "module-accessed",
  time: "2026-11-24T06:00:01.000Z",
  spanId: "1111111111111111",
  parentSpanId: commandSpan,
  module: "example.com/alpha",
  version: "v1.0.0",
  what: "mod",
  hit: true,
  source: "cache",
  duration: 0,
};

export const miss: ModuleAccessed = {
  ...head,
  event: "module-accessed",
  time: "2026-11-24T06:00:02.000Z",
  spanId: "2222222222222222",
  parentSpanId: commandSpan,
  module: "example.com/Beta",
  version: "v1.1.0",
  what: "zip",
  hit: false,
  source: "https://proxy.example.org",
  duration: 240,
  bytes: 52_000,
  status: 200,
};

export const failedMiss: ModuleAccessed = {
  ...head,
  event: "module-accessed",
  time: "2026-11-24T06:00:02.500Z",
  spanId: "3333333333333333",
  parentSpanId: commandSpan,
  module: "example.com/gamma",
  what: "list",
  hit: false,
  source: "https://proxy.example.org:8443",
  duration: 31.5,
  status: 503,
  error: { category: "net", coarse: "net", message: "503 Service Unavailable" },
};

export const cause: Cause = {
  category: "fs",
  subcategory: "modcache-not-owned-by-uid",
  coarse: "fs",
  disposition: "fix-environment",
  confidence: "certain",
  message: "uid 2001 cannot create /srv/gomod/cache/download/example.com: permission denied",
  evidence: { line: 3, text: "go: mkdir /srv/gomod/cache/download/example.com: permission denied" },
  paths: ["/srv/gomod/cache/download/example.com"],
  where: "here",
  remedies: [{ text: "Let the group write", command: "gomodcache fix --cache-dir /srv/gomod" }],
};

export const ended: CommandEnded = {
  ...head,
  event: "command-ended",
  time: "2026-11-24T06:00:03.500Z",
  spanId: commandSpan,
  attempt: 1,
  exitCode: 1,
  duration: 3500,
  causes: [cause],
};

/** A command that failed since it may not write the cache. */
export const failure: readonly AuditEvent[] = [started, hit, miss, failedMiss, ended];

/** A command that succeeded, of another trace. */
export function success(index: number): AuditEvent[] {
  const own = { traceId: index.toString(16).padStart(32, "a"), spanId: index.toString(16).padStart(16, "b") };
  const { parentSpanId: _, ...root } = started;
  return [
    { ...root, ...own },
    { ...hit, traceId: own.traceId, parentSpanId: own.spanId, spanId: index.toString(16).padStart(16, "c") },
    { ...ended, ...own, exitCode: 0, causes: [] },
  ];
}
