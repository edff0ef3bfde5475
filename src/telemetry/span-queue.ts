// Spans of a service that goes on: kept until there are some or some time has passed, then sent beside the service's own work.

import { setTimeout as wait } from "node:timers/promises";
import { isSampled } from "../audit/sampling.ts";
import { printable } from "../report/safe.ts";
import type { Batch, Resource, Span } from "./encode.ts";
import { type RecordContext, type SpanParts, span } from "./records.ts";
import { type Target, telemetrySettings } from "./settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#batch-span-processor: the defaults. */
const longestQueue = 2048;
/** Milliseconds. */
const pause = 5000;

export class SpanQueue {
  private waiting: Span[] = [];
  private sending: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lastFailure: string | undefined;
  private lost = 0;

  private constructor(
    private readonly target: Target,
    private readonly context: RecordContext,
    private readonly sampler: Environment,
    private readonly warn: (message: string) => void,
  ) {}

  /**
   * @param env OTEL_*; without an endpoint for traces there is no queue
   * @param warn called with one printable line whenever delivery begins to fail, or fails in another way
   */
  static open(env: Environment, version: string, warn: (message: string) => void): SpanQueue | undefined {
    const settings = telemetrySettings(env);
    if (settings.complaints.length > 0) warn(printable(settings.complaints.join("; ")));
    const target = settings.targets.find(({ signal }) => signal === "traces");
    if (target === undefined) return undefined;
    const attributes = { "service.version": version, ...settings.resource };
    const scope = { name: "gomodcache", version };
    const context = { settings, scope, resource: { attributes } as unknown as Resource };
    const { OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG } = env;
    return new SpanQueue(target, context, { OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }, warn);
  }

  /** How many spans were dropped, since the receiver was too slow or not there. */
  get dropped(): number {
    return this.lost;
  }

  /** @param traceparent what the caller sent, whose decision to sample counts */
  isSampled(traceId: string, traceparent: string | undefined): boolean {
    return isSampled({ ...this.sampler, TRACEPARENT: traceparent }, traceId);
  }

  /** Never waits: what there is no room for is dropped. */
  add(parts: SpanParts): void {
    if (this.waiting.length >= longestQueue) {
      this.lost += 1;
      return;
    }
    this.waiting.push(span(this.context, parts));
    if (this.waiting.length >= this.context.settings.batch) this.start();
    else this.timer ??= setTimeout(() => this.start(), pause).unref();
  }

  /** Sends what is left. @param within milliseconds; a request that is under way may go on until its own timeout */
  async close(within: number): Promise<void> {
    const until = performance.now() + within;
    await Promise.race([this.sending, wait(within, undefined, { ref: false })]);
    if (performance.now() < until) await this.send(until);
  }

  private start(): void {
    if (this.sending !== undefined) return;
    this.sending = this.send(performance.now() + this.target.timeout).finally(() => {
      this.sending = undefined;
      if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.start(), pause).unref();
    });
  }

  private async send(until: number): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.waiting.length > 0) {
      const items = this.waiting.splice(0, this.context.settings.batch);
      const batch: Batch = { signal: "traces", items };
      // The encoders are loaded with the first spans.
      const failure = await import("./deliver.ts").then(
        ({ send }) => send(this.target, [batch], until),
        (error: unknown) => String(error),
      );
      if (failure !== undefined) this.lost += items.length;
      if (failure !== undefined && failure !== this.lastFailure)
        this.warn(printable(`telemetry (traces) did not reach ${new URL(this.target.url).origin}: ${failure}`));
      this.lastFailure = failure;
      if (failure !== undefined) return;
    }
  }
}
