// Reads an event file back. What is no event of ours (half a line of a job that was killed, another version's) is passed over and counted.
import type { Readable } from "node:stream";
import type { AuditEvent } from "./event.ts";

export interface EventsRead {
  readonly events: readonly AuditEvent[];
  /** Lines that are no events. */
  readonly skipped: number;
}

/** Characters: no event's line is as long, so that a file that is none costs no memory. */
const longestLine = 1024 * 1024;

export async function readEvents(input: Readable): Promise<EventsRead> {
  const events: AuditEvent[] = [];
  let skipped = 0;
  const take = (line: string): void => {
    if (line.trim() === "") return;
    const event = parseEvent(line);
    if (event === undefined) skipped += 1;
    else events.push(event);
  };
  input.setEncoding("utf8");
  let rest = "";
  for await (const chunk of input as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
    if (rest.length > longestLine) rest = "too long";
  }
  take(rest);
  return { events, skipped };
}

function parseEvent(line: string): AuditEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isEvent(value) ? value : undefined;
}

/** Whether all is there, and of the right type, that a reader must have. */
function isEvent(value: unknown): value is AuditEvent {
  if (typeof value !== "object" || value === null) return false;
  const event = value as Record<string, unknown>;
  const { schemaVersion, time, traceId, spanId } = event;
  const isHeaded =
    schemaVersion === 1 && !Number.isNaN(Date.parse(String(time))) && isId(traceId, 32) && isId(spanId, 16);
  if (!isHeaded) return false;
  switch (event["event"]) {
    case "command-started":
      return isTexts(event["argv"]) && typeof event["user"] === "object" && event["user"] !== null;
    case "module-accessed":
      return (
        isId(event["parentSpanId"], 16) &&
        typeof event["duration"] === "number" &&
        typeof event["source"] === "string" &&
        typeof event["module"] === "string"
      );
    case "command-ended":
      return typeof event["duration"] === "number" && Array.isArray(event["causes"]) && event["causes"].every(isCause);
    default:
      return false;
  }
}

function isCause(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const cause = value as Record<string, unknown>;
  const evidence = cause["evidence"];
  return (
    ["category", "subcategory", "disposition", "message"].every((key) => typeof cause[key] === "string") &&
    isTexts(cause["paths"]) &&
    Array.isArray(cause["remedies"]) &&
    typeof evidence === "object" &&
    evidence !== null &&
    typeof (evidence as Record<string, unknown>)["text"] === "string"
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isId(value: unknown, digits: number): boolean {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
}
