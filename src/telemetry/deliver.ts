// Brings events to their targets within a deadline, and tells what did not arrive.
import type { AuditEvent } from "../audit/event.ts";
import { isSampled } from "../audit/sampling.ts";
import { type ObservedCommand, observedCommands } from "./commands.ts";
import { type Batch, encode, type Metrics, type Resource, rejection, type Scope } from "./encode.ts";
import type { ExportOptions } from "./export.ts";
import { metricsOf } from "./metrics.ts";
import { NotDelivered, Sender } from "./post.ts";
import { logsOf, type RecordContext, spansOf } from "./records.ts";
import type { Target, TelemetrySettings } from "./settings.ts";

/**
 * @param until when all must be over, on performance.now()'s clock
 * @returns what did not arrive, and why: one text for each reason; empty if all did
 */
export async function deliver(
  events: readonly AuditEvent[],
  settings: TelemetrySettings,
  { env, version }: ExportOptions,
  until: number,
): Promise<string[]> {
  const commands = observedCommands(events);
  const sampled = commands.filter(({ traceId }) => isSampled(env, traceId));
  const contexts = new Contexts(settings, version);
  const failures = new Map<string, string[]>();
  const outcomes = settings.targets.map((target) => {
    const batches = batchesOf(target, target.signal === "traces" ? sampled : commands, contexts);
    return send(target, batches, until);
  });
  for (const [index, target] of settings.targets.entries()) {
    const failure = await outcomes[index];
    if (failure === undefined) continue;
    const reason = `${origin(target.url)}: ${failure}`;
    failures.set(reason, [...(failures.get(reason) ?? []), target.signal]);
  }
  return [...failures].map(([reason, signals]) => `telemetry (${signals.join(", ")}) did not reach ${reason}`);
}

/** @returns why it failed, or undefined */
export async function send(target: Target, batches: Iterable<Batch>, until: number): Promise<string | undefined> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), Math.max(0, until - performance.now()));
  let sender: Sender | undefined;
  try {
    sender = await Sender.open(target, abort.signal, until);
    for (const batch of batches) {
      const answer = await sender.post(encode(batch, target.protocol));
      const rejected = told(batch, target, answer);
      if (rejected !== undefined) return rejected;
    }
    return undefined;
  } catch (error) {
    return (error as Error).name === "AbortError" ? "no answer in time" : reasonOf(error as Error);
  } finally {
    clearTimeout(timer);
    sender?.close();
  }
}

function told(batch: Batch, target: Target, answer: Uint8Array): string | undefined {
  try {
    return rejection(batch, target.protocol, answer);
  } catch {
    return "the answer is none of an OTLP receiver";
  }
}

function reasonOf(error: Error): string {
  if (error instanceof NotDelivered) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  // Of several addresses, each of which failed (node:net, autoSelectFamily), Node tells no message.
  const [first] = error instanceof AggregateError ? error.errors : [];
  return code ?? (first as Error | undefined)?.message ?? error.message;
}

function* batchesOf(target: Target, commands: readonly ObservedCommand[], contexts: Contexts): Iterable<Batch> {
  const { batch } = contexts.settings;
  if (commands.length === 0) return;
  if (target.signal === "metrics") {
    const items: Metrics = metricsOf(commands, contexts.forMetrics());
    yield { signal: "metrics", items };
    return;
  }
  const { signal } = target;
  if (signal === "traces") {
    const items = commands.flatMap((command) => spansOf(command, contexts.of(command)));
    for (const some of chunks(items, batch)) yield { signal, items: some };
    return;
  }
  const items = commands.flatMap((command) => logsOf(command, contexts.of(command)));
  for (const some of chunks(items, batch)) yield { signal: "logs", items: some };
}

function* chunks<Item>(items: readonly Item[], size: number): Iterable<Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** The resources: one for each CI job, since what is known of the job belongs there; the encoders tell them apart by identity. */
class Contexts {
  private readonly scope: Scope;
  private readonly known = new Map<string, RecordContext>();

  constructor(
    readonly settings: TelemetrySettings,
    private readonly version: string,
  ) {
    this.scope = { name: "gomodcache", version };
  }

  of({ started }: ObservedCommand): RecordContext {
    const key = JSON.stringify(started?.cicd ?? {});
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const context = this.make({ ...started?.cicd });
    this.known.set(key, context);
    return context;
  }

  /** Without the job: the conventions for CI/CD resources say that metrics must not have it unasked. */
  forMetrics(): RecordContext {
    // Two cumulative series of the same name must not come from two processes.
    return this.make(this.settings.delta ? {} : { "service.instance.id": crypto.randomUUID() });
  }

  private make(attributes: Readonly<Record<string, string>>): RecordContext {
    const all = { "service.version": this.version, ...attributes, ...this.settings.resource };
    return { settings: this.settings, scope: this.scope, resource: { attributes: all } as unknown as Resource };
  }
}

function origin(url: string): string {
  return new URL(url).origin;
}
