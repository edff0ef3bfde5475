// OpenTelemetry's own encoders of OTLP. The only place that loads them, and it is loaded only when something is sent.
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { Target } from "./settings.ts";

export type Span = Parameters<typeof JsonTraceSerializer.serializeRequest>[0][number];
export type LogRecord = Parameters<typeof JsonLogsSerializer.serializeRequest>[0][number];
export type Metrics = Parameters<typeof JsonMetricsSerializer.serializeRequest>[0];
export type Resource = Span["resource"];
export type Scope = Span["instrumentationScope"];

/** The bodies of the requests that bring these to a target. */
export type Batch =
  | { readonly signal: "traces"; readonly items: Span[] }
  | { readonly signal: "metrics"; readonly items: Metrics }
  | { readonly signal: "logs"; readonly items: LogRecord[] };

/** The body of a request. */
export function encode(batch: Batch, protocol: Target["protocol"]): Uint8Array {
  const json = protocol === "http/json";
  const body = ((): Uint8Array | undefined => {
    switch (batch.signal) {
      case "traces":
        return (json ? JsonTraceSerializer : ProtobufTraceSerializer).serializeRequest(batch.items);
      case "metrics":
        return (json ? JsonMetricsSerializer : ProtobufMetricsSerializer).serializeRequest(batch.items);
      case "logs":
        return (json ? JsonLogsSerializer : ProtobufLogsSerializer).serializeRequest(batch.items);
    }
  })();
  return body ?? new Uint8Array();
}

/**
 * What a receiver did not take of a batch that it answered with a success, if it says so.
 * @throws if the answer is none of OTLP
 */
export function rejection(batch: Batch, protocol: Target["protocol"], answer: Uint8Array): string | undefined {
  if (answer.length === 0) return undefined;
  const json = protocol === "http/json";
  switch (batch.signal) {
    case "traces": {
      const { partialSuccess } = (json ? JsonTraceSerializer : ProtobufTraceSerializer).deserializeResponse(answer);
      return told(partialSuccess?.rejectedSpans, partialSuccess?.errorMessage);
    }
    case "metrics": {
      const { partialSuccess } = (json ? JsonMetricsSerializer : ProtobufMetricsSerializer).deserializeResponse(answer);
      return told(partialSuccess?.rejectedDataPoints, partialSuccess?.errorMessage);
    }
    case "logs": {
      const { partialSuccess } = (json ? JsonLogsSerializer : ProtobufLogsSerializer).deserializeResponse(answer);
      return told(partialSuccess?.rejectedLogRecords, partialSuccess?.errorMessage);
    }
  }
}

function told(rejected: number | undefined, message: string | undefined): string | undefined {
  if (!rejected && !message) return undefined;
  return `${rejected ?? 0} rejected${message ? `: ${message}` : ""}`;
}
