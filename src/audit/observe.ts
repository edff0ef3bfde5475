// A command under observation, from its words to its ending: attempts, events, the relay.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { findCommand } from "../child/find-command.ts";
import type { GoFacts } from "../facts/facts.ts";
import { mayFetch, parseGoCommand, runsPrograms } from "../gocache/go-command.ts";
import type { Environment } from "../host/container.ts";
import { type AttemptResult, runAttempt } from "./attempt.ts";
import type { AuditEvent } from "./event.ts";
import type { EventFile } from "./event-file.ts";
import type { Waiting } from "./lock-wait.ts";
import type { Recorder } from "./recorder.ts";
import { type Relaying, startRelaying } from "./relaying.ts";
import { backoff, isCuredByTime } from "./retry.ts";
import { isSampled } from "./sampling.ts";
import { newTrace, parseTraceparent, sampledFlags, type TraceContext } from "./trace-context.ts";

export interface ObserveRequest {
  /** The command and its arguments: at least one word. */
  readonly command: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  readonly events: EventFile | undefined;
  /** Is told of each event when it has happened: for sinks that do not wait for the end. */
  readonly onEvent?: (event: AuditEvent) => void;
  readonly go: GoFacts;
  /** False for --no-relay. */
  readonly relay: boolean;
  /** How often it may be run again. */
  readonly retries: number;
  /** Whether standard input can be given to it a second time: a terminal or /dev/null can, a pipe or a file that was read cannot. */
  readonly canRepeat: boolean;
  readonly terminals: { readonly stdout: boolean; readonly stderr: boolean };
  /** Is told that the command waits for a lock, while it runs. */
  readonly onWait: (waiting: Waiting) => void;
  /** Tells the user something, between attempts. */
  readonly say: (line: string) => void;
}

export type Observed =
  | { readonly attempts: readonly AttemptResult[]; readonly notes: readonly string[] }
  /** It could not be run: 127, there is no such command, or 126. */
  | { readonly status: 126 | 127; readonly reason: string };

/** Runs the command, again where that helps, and tells what it saw. */
export async function observe(request: ObserveRequest): Promise<Observed> {
  const { command, env, cwd, go } = request;
  const [name = ""] = command;
  const found = findCommand(name, env);
  if (!("file" in found)) return found;
  const notes: string[] = [];
  const { trace, variables } = takeTrace(env, notes);
  const goCommand = parseGoCommand(command);
  const attempts: AttemptResult[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const result = await runAttempt({
      file: found.file,
      argv: command,
      cwd,
      env: variables,
      command: goCommand,
      go,
      trace,
      events: request.events,
      onEvent: request.onEvent ?? (() => undefined),
      relaying: (recorder) => relayFor(request, mayFetch(goCommand), recorder),
      attempt,
      terminals: request.terminals,
      onWait: request.onWait,
    });
    if ("error" in result.ending) return notStarted(result.ending.error, found.file);
    attempts.push(result);
    if (attempt > request.retries || !isCuredByTime(result.classification)) return { attempts, notes };
    // Go itself reads no standard input: only the programs that it runs could have.
    if (runsPrograms(goCommand) && !request.canRepeat) {
      notes.push("not tried again: standard input could not be given a second time (run it with < /dev/null)");
      return { attempts, notes };
    }
    const wait = backoff(attempt, Math.random());
    request.say(`trying again in ${(wait / 1000).toFixed(1)} s (${attempt} of ${request.retries})`);
    await sleep(wait);
  }
}

/** Takes up TRACEPARENT; a malformed one counts for nothing, and TRACESTATE with it. */
function takeTrace(env: Environment, notes: string[]): { trace: TraceContext; variables: Environment } {
  const text = env["TRACEPARENT"];
  const taken = text === undefined ? undefined : parseTraceparent(text);
  if (text !== undefined && taken === undefined) notes.push("TRACEPARENT is malformed: a new trace begins");
  const trace = taken ?? newTrace(randomBytes);
  const flags = sampledFlags(trace.flags, isSampled(env, trace.traceId));
  return { trace: { ...trace, flags }, variables: taken === undefined ? { ...env, TRACESTATE: undefined } : env };
}

async function relayFor(request: ObserveRequest, fetches: boolean, recorder: Recorder): Promise<Relaying> {
  const nothing = { variables: {}, entries: [], leftAlone: [] };
  if (!request.relay) return { ...nothing, none: "--no-relay" };
  if (!fetches) return { ...nothing, none: "this command fetches no modules" };
  return startRelaying(request.go, request.env, (seen) => recorder.accessed(seen));
}

function notStarted(error: NodeJS.ErrnoException, file: string): Observed {
  const { code } = error;
  if (code === "ENOENT") return { status: 127, reason: `the interpreter or loader that ${file} names does not exist` };
  if (code === "ENOEXEC")
    return { status: 126, reason: `${file} is no program for this machine, nor a script that begins with #!` };
  return { status: 126, reason: `${file} could not be started (${code})` };
}
