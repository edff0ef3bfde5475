// Where events go: the file, and whoever else listens. Each gets the trace's IDs and the time here.
import { randomBytes } from "node:crypto";
import type { AuditEvent, CommandEnded, CommandStarted, ModuleAccessed } from "./event.ts";
import type { EventFile } from "./event-file.ts";
import { withoutCredentials } from "./event-redaction.ts";
import { newSpanId, type TraceContext } from "./trace-context.ts";

type Headless<E extends AuditEvent> = Omit<
  E,
  "schemaVersion" | "event" | "time" | "traceId" | "spanId" | "parentSpanId"
>;

/** The span of one attempt to run a command, and the events in it. */
export class Recorder {
  readonly spanId = newSpanId(randomBytes);
  readonly events: AuditEvent[] = [];

  constructor(
    private readonly trace: TraceContext,
    private readonly file: EventFile | undefined,
    private readonly onEvent: (event: AuditEvent) => void,
  ) {}

  started(event: Headless<CommandStarted>): void {
    const { parentSpanId } = this.trace;
    this.record({
      ...this.head(this.spanId),
      event: "command-started",
      ...(parentSpanId === undefined ? {} : { parentSpanId }),
      ...event,
    });
  }

  accessed(event: Headless<ModuleAccessed>): void {
    this.record({
      ...this.head(newSpanId(randomBytes)),
      event: "module-accessed",
      parentSpanId: this.spanId,
      ...event,
    });
  }

  ended(event: Headless<CommandEnded>): void {
    this.record({ ...this.head(this.spanId), event: "command-ended", ...event });
  }

  private head(spanId: string) {
    return { schemaVersion: 1, time: new Date().toISOString(), traceId: this.trace.traceId, spanId } as const;
  }

  private record(happened: AuditEvent): void {
    const event = withoutCredentials(happened);
    this.events.push(event);
    this.file?.write(event);
    this.onEvent(event);
  }
}
