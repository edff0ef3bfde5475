// Events to an OTLP receiver over HTTP: traces, metrics and logs. Nothing is sent unless a variable names where.
import type { AuditEvent } from "../audit/event.ts";
import { printable } from "../report/safe.ts";
import { telemetrySettings } from "./settings.ts";

export interface ExportOptions {
  /** OTEL_*, and TRACEPARENT for the parent's decision to sample. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Called at most once, with one printable line without a full stop. */
  readonly warn: (message: string) => void;
  /** Milliseconds for all of it; 1000 if it is not given. */
  readonly deadline?: number;
}

/**
 * Sends what happened to the receivers that the standard OTEL_* variables name; without OTEL_EXPORTER_OTLP_ENDPOINT or one for a signal
 * it does nothing. Any number of commands at once may be given, also those of an event file, later: IDs and times are the events'.
 * It never throws and ends within the deadline, whatever the receiver does: what could not be sent is one warning.
 */
export async function exportEvents(events: readonly AuditEvent[], options: ExportOptions): Promise<void> {
  const until = performance.now() + (options.deadline ?? 1000);
  const settings = telemetrySettings(options.env);
  const problems = new Set(settings.complaints);
  if (settings.targets.length > 0 && events.length > 0) {
    try {
      const { deliver } = await import("./deliver.ts");
      for (const problem of await deliver(events, settings, options, until)) problems.add(problem);
    } catch (error) {
      problems.add(`telemetry was not sent: ${(error as Error).message}`);
    }
  }
  if (problems.size > 0) options.warn(printable([...problems].join("; ")));
}
