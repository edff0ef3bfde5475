// Commands as spans and log records, in the shape that OpenTelemetry's encoders take. PURE.
import type { ModuleAccessed } from "../audit/event.ts";
import type { Cause } from "../causes/cause.ts";
import { redacted } from "../report/redact.ts";
import {
  type Attributes,
  accessAttributes,
  causeAttributes,
  commandAttributes,
  failureOf,
  limited,
} from "./attributes.ts";
import { commandName, endOf, type ObservedCommand } from "./commands.ts";
import type { LogRecord, Resource, Scope, Span } from "./encode.ts";
import type { TelemetrySettings } from "./settings.ts";

/** Of @opentelemetry/api's enumerations. */
export const kind = { internal: 0, server: 1, client: 2 } as const;
const status = { unset: 0, error: 2 } as const;
const severity = { warn: 13, error: 17 } as const;

export interface RecordContext {
  readonly settings: TelemetrySettings;
  readonly scope: Scope;
  readonly resource: Resource;
}

/** The command's span, and one for each of its module accesses. */
export function spansOf(command: ObservedCommand, context: RecordContext): Span[] {
  return [commandSpan(command, context), ...command.accesses.map((access) => accessSpan(access, command, context))];
}

function commandSpan(command: ObservedCommand, context: RecordContext): Span {
  const { started, ended } = command;
  const causes = ended?.causes.slice(0, context.settings.spanEvents) ?? [];
  return span(context, {
    name: started === undefined ? "go" : commandName(started.argv),
    kind: kind.client,
    traceId: command.traceId,
    spanId: command.spanId,
    parent: started?.parentSpanId,
    remoteParent: true,
    from: command.from,
    to: command.to,
    failure: failureMessage(command),
    attributes: commandAttributes(command),
    events: causes.map((cause) => ({
      name: "go.error",
      time: hrTime(command.to),
      attributes: limited({ ...causeAttributes(cause), ...evidence(cause) }, context.settings.spanLimits).attributes,
      droppedAttributesCount: 0,
    })),
    droppedEvents: (ended?.causes.length ?? 0) - causes.length,
  });
}

function failureMessage({ ended }: ObservedCommand): string | undefined {
  if (ended === undefined) return "how it ended was not recorded";
  if (failureOf(ended) === undefined) return undefined;
  const [cause] = ended.causes;
  if (cause !== undefined) return redacted(cause.message);
  return ended.signal === undefined ? `exit status ${ended.exitCode}` : `ended by ${ended.signal}`;
}

function accessSpan(access: ModuleAccessed, command: ObservedCommand, context: RecordContext): Span {
  const end = endOf(access);
  return span(context, {
    name: "ReadModule",
    kind: access.hit ? kind.internal : kind.client,
    traceId: access.traceId,
    spanId: access.spanId,
    parent: access.parentSpanId,
    remoteParent: false,
    from: end - access.duration,
    to: end,
    failure: access.error && redacted(access.error.message),
    attributes: accessAttributes(access, command),
    events: [],
    droppedEvents: 0,
  });
}

/** What a span is made of, within the limits that the settings set. */
export interface SpanParts {
  readonly name: string;
  readonly kind: Span["kind"];
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string | undefined;
  readonly remoteParent: boolean;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly failure: string | undefined;
  readonly attributes: Attributes;
  readonly events: Span["events"];
  readonly droppedEvents: number;
}

export function span({ settings, scope, resource }: RecordContext, parts: SpanParts): Span {
  const { attributes, dropped } = limited(parts.attributes, settings.spanLimits);
  const { traceId, parent } = parts;
  return {
    name: parts.name,
    kind: parts.kind,
    spanContext: () => ({ traceId, spanId: parts.spanId, traceFlags: 1 }),
    ...(parent === undefined
      ? {}
      : { parentSpanContext: { traceId, spanId: parent, traceFlags: 1, isRemote: parts.remoteParent } }),
    startTime: hrTime(parts.from),
    endTime: hrTime(parts.to),
    duration: hrTime(parts.to - parts.from),
    ended: true,
    status: parts.failure === undefined ? { code: status.unset } : { code: status.error, message: parts.failure },
    attributes,
    links: [],
    events: parts.events,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: dropped,
    droppedEventsCount: parts.droppedEvents,
    droppedLinksCount: 0,
  };
}

/** A log record for each cause of a command's failure: an error if somebody must act, a warning if trying again helps. */
export function logsOf(command: ObservedCommand, context: RecordContext): LogRecord[] {
  return (command.ended?.causes ?? []).map((cause) => {
    const level = cause.disposition === "retry" ? "warn" : "error";
    const { attributes, dropped } = limited(
      { ...causeAttributes(cause), ...evidence(cause) },
      context.settings.logLimits,
    );
    return {
      hrTime: hrTime(command.to),
      hrTimeObserved: hrTime(command.to),
      spanContext: { traceId: command.traceId, spanId: command.spanId, traceFlags: 1 },
      severityNumber: severity[level],
      severityText: level.toUpperCase(),
      body: redacted(cause.message),
      eventName: "go.error",
      attributes,
      droppedAttributesCount: dropped,
      resource: context.resource,
      instrumentationScope: context.scope,
    };
  });
}

function evidence(cause: Cause): Attributes {
  const command = cause.remedies.find((remedy) => remedy.command !== undefined)?.command;
  return {
    "go.error.message": redacted(cause.message),
    "go.error.evidence": redacted(cause.evidence.text),
    ...(command === undefined ? {} : { "go.error.remedy": redacted(command) }),
  };
}

/** Milliseconds as seconds and nanoseconds. */
export function hrTime(milliseconds: number): [number, number] {
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, Math.round((milliseconds - seconds * 1000) * 1e6)];
}
