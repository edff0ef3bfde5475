// `run -- CMD`: a go command, unchanged and observed.
import { fstatSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import type { AttemptResult } from "../audit/attempt.ts";
import type { AuditEvent } from "../audit/event.ts";
import { openEvents } from "../audit/events-place.ts";
import type { Waiting } from "../audit/lock-wait.ts";
import { type Observed, observe } from "../audit/observe.ts";
import { readOwnGo } from "../audit/own-go.ts";
import { dieBy, type Ending } from "../child/forward.ts";
import type { Context } from "../context.ts";
import { exitStatus, UserError } from "../error.ts";
import { printable } from "../report/safe.ts";
import type { Sinks } from "../telemetry/sinks.ts";
import type { ColourFlag } from "../ui/colour.ts";
import { writeStream } from "../ui/output.ts";
import { renderOptions } from "./terminal.ts";

export interface RunOptions {
  /** A file, or false for --no-events. */
  readonly events?: string | false;
  /** False for --no-relay. */
  readonly relay: boolean;
  readonly retry: number;
  readonly otlp?: string;
  readonly promFile?: string;
  readonly promPort?: number;
  readonly verbose?: boolean;
  /** False for --no-color. */
  readonly color: ColourFlag | false;
}

/** Runs the command and takes over its exit status, or ends by the signal that ended it. */
export async function run(command: readonly string[], options: RunOptions, context: Context): Promise<number> {
  const { env, cwd } = context;
  const [name] = command;
  if (name === undefined)
    throw new UserError("there is no command after --", "give one, such as run -- go build ./...");
  const go = readOwnGo(env, undefined);
  const modcache = go.env["GOMODCACHE"];
  const events = openEvents({
    env,
    cwd,
    ...(options.events === undefined ? {} : { chosen: options.events }),
    ...(modcache === undefined ? {} : { modcache }),
  });
  const file = "file" in events ? events.file : undefined;
  const seen: AuditEvent[] = [];
  const warn = (line: string): void => void context.stderr.write(`gomodcache: ${line}\n`);
  const sinks = await sinksOf(options, context, warn, seen);
  const observed = await observe({
    command,
    env,
    cwd,
    events: file,
    onEvent: (event) => void seen.push(event),
    go,
    relay: options.relay,
    retries: options.retry,
    canRepeat: canRepeatInput(),
    terminals: { stdout: context.stdout.isTTY === true, stderr: context.stderr.isTTY === true },
    onWait: tellWait,
    say: (line) => void context.stderr.write(`gomodcache: ${printable(line)}\n`),
  });
  file?.close();
  await sinks?.finish(seen);
  if ("status" in observed) return told(name, observed, context);
  const last = observed.attempts.at(-1) as AttemptResult;
  await tellFailure(command, observed.attempts, options, context);
  await tellNotes(notesOf(observed, events, options), context);
  if ("signal" in last.ending) return dieBy(last.ending.signal);
  return "status" in last.ending ? last.ending.status : exitStatus.internal;
}

/** The sinks that an option or a variable asks for; their code is loaded only then. */
async function sinksOf(
  { otlp, promFile, promPort }: RunOptions,
  { env, cwd, version }: Context,
  warn: (line: string) => void,
  seen: readonly AuditEvent[],
): Promise<Sinks | undefined> {
  const variables = Object.keys(env).some((name) => /^OTEL_EXPORTER_OTLP_(?:\w+_)?ENDPOINT$/.test(name));
  if (!variables && otlp === undefined && promFile === undefined && promPort === undefined) return undefined;
  const { openSinks } = await import("../telemetry/sinks.ts");
  return openSinks(
    {
      env,
      version,
      warn,
      ...(otlp === undefined ? {} : { otlp }),
      ...(promFile === undefined ? {} : { promFile: resolve(cwd, promFile) }),
      ...(promPort === undefined ? {} : { promPort }),
    },
    () => seen,
  );
}

/** After go's own output: why it failed, if that is of its environment, and what this machine shows of it. */
async function tellFailure(
  command: readonly string[],
  attempts: readonly AttemptResult[],
  options: RunOptions,
  context: Context,
): Promise<void> {
  const { classification, ending, events } = attempts.at(-1) as AttemptResult;
  const [cause] = classification.causes;
  if (cause === undefined) return;
  const { confirm } = await import("../audit/confirm.ts");
  const { failureText } = await import("../report/failure-text.ts");
  const proof = await confirm({ cause, env: context.env, cwd: context.cwd, events });
  const how = "signal" in ending ? `was killed by ${ending.signal}` : `exited with status ${statusIn(ending)}`;
  const failure = { command, ending: how, causes: classification.causes, proof, attempts: attempts.length };
  await writeStream(
    context.stderr,
    failureText(failure, renderOptions(options, { ...context, stdout: context.stderr })),
  );
}

function statusIn(ending: Ending): number | undefined {
  return "status" in ending ? ending.status : undefined;
}

/** What was not observed. Without --verbose only what somebody who asked for it would miss. */
function notesOf(
  observed: Extract<Observed, { notes: unknown }>,
  events: ReturnType<typeof openEvents>,
  options: RunOptions,
): string[] {
  const { relaying, heard, guarded } = observed.attempts.at(-1) as AttemptResult;
  const lost = "file" in events ? events.file.problem : undefined;
  const always = [
    ...(lost === undefined
      ? []
      : [`events could not be written to ${"file" in events ? events.file.path : ""}: ${lost}`]),
    ...(relaying.broken === undefined ? [] : [`fetches were not observed: ${relaying.broken}`]),
    ...observed.notes.filter((note) => note.startsWith("not tried again")),
  ];
  if (options.verbose !== true) return always;
  return [
    ...always,
    ...("none" in events ? [`no events are kept: ${events.none}`] : [`events are in ${events.file.path}`]),
    ...(relaying.none === undefined ? [] : [`no relay: ${relaying.none}`]),
    ...relaying.leftAlone.map(({ entry, reason }) => `${entry} is left alone: ${reason}`),
    ...(heard ? [] : ["standard error is a terminal, which the command keeps: what it printed there was not read"]),
    ...(guarded ? [] : ["there is no /bin/sh: were this process killed, the command would go on"]),
    ...observed.notes.filter((note) => !always.includes(note)),
  ];
}

async function tellNotes(notes: readonly string[], { stderr }: Context): Promise<void> {
  for (const note of notes) await writeStream(stderr, `gomodcache: ${printable(note)}\n`);
}

async function told(name: string, { status, reason }: Extract<Observed, { status: number }>, context: Context) {
  const what = status === 127 ? "command not found" : "cannot be executed";
  await writeStream(context.stderr, `${printable(`gomodcache: ${name}: ${what}: ${reason}`)}\n`);
  return status;
}

/** A terminal gives what is typed next, and /dev/null nothing each time; a pipe or a file has been read. */
function canRepeatInput(): boolean {
  try {
    return fstatSync(0).isCharacterDevice();
  } catch {
    // Standard input is closed.
    return true;
  }
}

/** While the command runs, standard error is its own: node's stream would make it non-blocking for both. */
function tellWait({ pid, path, holder }: Waiting): void {
  const whose = holder?.uid === undefined ? "" : ` of user ${holder.uid}`;
  const by =
    holder === undefined
      ? "another process"
      : `process ${holder.pid}${whose}${holder.command === undefined ? "" : `: ${holder.command}`}`;
  try {
    writeSync(
      2,
      `${printable(`gomodcache: process ${pid} waits for the lock ${path ?? "of a file"}, held by ${by}`)}\n`,
    );
  } catch {
    // Nobody reads it.
  }
}
