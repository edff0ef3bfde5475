// One attempt to run a command: its span begins, it runs, its modules are told, its span ends.
import type { Classification } from "../causes/cause.ts";
import type { KnownPlaces } from "../causes/place.ts";
import type { GoFacts } from "../facts/facts.ts";
import { failsOnOutput, type GoCommand, runsPrograms } from "../gocache/go-command.ts";
import type { Environment } from "../host/container.ts";
import { cicdAttributes } from "./cicd.ts";
import { type CommandResult, runCommand } from "./command.ts";
import type { AuditEvent } from "./event.ts";
import type { EventFile } from "./event-file.ts";
import { type Waiting, watchLocks } from "./lock-wait.ts";
import { Log } from "./log.ts";
import { PrintedReader } from "./printed.ts";
import { Recorder } from "./recorder.ts";
import { type Relaying, rewriterOf } from "./relaying.ts";
import { formatTraceparent, type TraceContext } from "./trace-context.ts";

export interface AttemptRequest {
  readonly file: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  /** Undefined for a command that is not go. */
  readonly command: GoCommand | undefined;
  readonly go: GoFacts;
  readonly trace: TraceContext;
  readonly events: EventFile | undefined;
  /** Is told of each event when it has happened. */
  readonly onEvent: (event: AuditEvent) => void;
  /** Starts the relay, with a listener of its own for this attempt. */
  readonly relaying: (recorder: Recorder) => Promise<Relaying>;
  /** Counted from 1. */
  readonly attempt: number;
  readonly terminals: { readonly stdout: boolean; readonly stderr: boolean };
  /** Is told that the command waits for a lock. */
  readonly onWait: (waiting: Waiting) => void;
}

export interface AttemptResult extends CommandResult {
  readonly events: readonly AuditEvent[];
  readonly classification: Classification;
  readonly relaying: Relaying;
  /** Milliseconds. */
  readonly duration: number;
  /** Whether its standard error passed through us. */
  readonly heard: boolean;
}

/** What passes through us: not where a program of the user's could find that its terminal is gone. */
export function listenTo(
  go: GoCommand | undefined,
  terminals: AttemptRequest["terminals"],
): { stdout: boolean; stderr: boolean } {
  const mindsTerminal = runsPrograms(go);
  return {
    stdout: failsOnOutput(go) && !terminals.stdout,
    stderr: !(terminals.stderr && mindsTerminal),
  };
}

export async function runAttempt(request: AttemptRequest): Promise<AttemptResult> {
  const { file, argv, cwd, env, trace, attempt, go } = request;
  const modcache = go.env["GOMODCACHE"];
  const goVersion = go.version?.text.replace(/^go/, "");
  const recorder = new Recorder(trace, request.events, request.onEvent);
  const relaying = await request.relaying(recorder);
  const log = new Log(placesOf(go));
  const printed = new PrintedReader();
  const began = performance.now();
  const listen = listenTo(request.command, request.terminals);
  let unwatch = (): void => undefined;
  let result: CommandResult;
  try {
    result = await runCommand({
      file,
      argv,
      cwd,
      env: { ...env, ...relaying.variables, TRACEPARENT: formatTraceparent(trace, recorder.spanId) },
      listen,
      rewriter: () => rewriterOf(relaying),
      onOutput: (chunk) => {
        log.push(chunk);
        printed.push(chunk);
      },
      onStart: (pid) => {
        unwatch = watchLocks(pid, request.onWait);
        recorder.started({
          argv,
          cwd,
          pid,
          user: { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 },
          ...(modcache ? { modcache } : {}),
          ...(goVersion === undefined ? {} : { goVersion }),
          cicd: cicdAttributes(env),
          attempt,
        });
      },
    });
  } finally {
    unwatch();
    relaying.relay?.close();
  }
  const duration = Math.round(performance.now() - began);
  tellPrinted(printed, recorder, relaying);
  await tellHits(request, recorder);
  const { ending, signals } = result;
  const failed = !("status" in ending && ending.status === 0);
  const exitCode = "status" in ending ? ending.status : undefined;
  // A command that was told to stop did not fail.
  const wasStopped = signals.some((signal) => ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"].includes(signal));
  const said = await log.end(exitCode === undefined ? {} : { exitCode });
  const classification = failed && !wasStopped ? said : { ...said, causes: [] };
  recorder.ended({
    attempt,
    duration,
    ...("status" in ending ? { exitCode: ending.status } : {}),
    ...("signal" in ending ? { signal: ending.signal } : {}),
    causes: classification.causes,
  });
  return { ...result, events: recorder.events, classification, relaying, duration, heard: listen.stderr };
}

function placesOf({ env }: GoFacts): KnownPlaces {
  const { GOMODCACHE: modcache, GOCACHE: gocache, GOROOT: goroot } = env;
  return { ...(modcache ? { modcache } : {}), ...(gocache ? { gocache } : {}), ...(goroot ? { goroot } : {}) };
}

/** Fetches that the relay did not see: without one, all that go tells of; with one, those from version control. */
function tellPrinted(printed: PrintedReader, recorder: Recorder, { relay, leftAlone }: Relaying): void {
  const key = ({ module, version }: { module: string; version?: string }): string => `${module}@${version}`;
  const known = new Set(
    recorder.events.flatMap((event) => (event.event === "module-accessed" && event.what === "zip" ? [key(event)] : [])),
  );
  for (const seen of relay === undefined ? printed.requests : []) {
    if (seen.what === "zip") known.add(key(seen));
    recorder.accessed({ ...seen, hit: false });
  }
  const source = relay !== undefined && leftAlone.length === 0 ? "vcs" : "unknown";
  for (const seen of printed.downloads) if (!known.has(key(seen))) recorder.accessed({ ...seen, source, hit: false });
}

/** Deduced: see hits.ts, which is loaded only for commands that read modules. */
async function tellHits({ command, go, env, cwd }: AttemptRequest, recorder: Recorder): Promise<void> {
  if (command === undefined) return;
  const { cacheHits } = await import("./hits.ts");
  const fetched = new Set(
    recorder.events.flatMap((event) =>
      event.event === "module-accessed" && event.what === "zip" ? [`${event.module}@${event.version}`] : [],
    ),
  );
  for (const { path, version } of cacheHits(command, { go, env, cwd }, fetched))
    recorder.accessed({ module: path, version, what: "module", hit: true, source: "cache", duration: 0 });
}
