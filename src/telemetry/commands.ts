// The events of go commands, put together: each command with its modules and its end. PURE.
import type { AuditEvent, CommandEnded, CommandStarted, ModuleAccessed } from "../audit/event.ts";

export interface ObservedCommand {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent if the events begin in the middle. */
  readonly started?: CommandStarted;
  readonly accesses: readonly ModuleAccessed[];
  /** Absent if whoever recorded the events did not live to see it. */
  readonly ended?: CommandEnded;
  /** Milliseconds since the epoch; the first and the last that is known. */
  readonly from: number;
  readonly to: number;
}

/** Events of any number of commands, of any order, to commands; one for each attempt. */
export function observedCommands(events: readonly AuditEvent[]): ObservedCommand[] {
  const spans = new Map<string, AuditEvent[]>();
  for (const event of events) {
    const key = `${event.traceId}/${event.event === "module-accessed" ? event.parentSpanId : event.spanId}`;
    const own = spans.get(key);
    if (own === undefined) spans.set(key, [event]);
    else own.push(event);
  }
  return [...spans.values()].map(observed);
}

function observed(events: readonly AuditEvent[]): ObservedCommand {
  const started = events.find((event) => event.event === "command-started");
  const ended = events.findLast((event) => event.event === "command-ended");
  const accesses = events.filter((event) => event.event === "module-accessed");
  const first = events[0] as AuditEvent;
  const times = events.flatMap(timesOf);
  return {
    traceId: first.traceId,
    spanId: first.event === "module-accessed" ? first.parentSpanId : first.spanId,
    ...(started === undefined ? {} : { started }),
    accesses,
    ...(ended === undefined ? {} : { ended }),
    from: started === undefined ? times.reduce((a, b) => Math.min(a, b)) : endOf(started),
    to: ended === undefined ? times.reduce((a, b) => Math.max(a, b)) : endOf(ended),
  };
}

/** An event's time in milliseconds since the epoch: an access and a command are recorded when they end. */
export function endOf(event: AuditEvent): number {
  return Date.parse(event.time);
}

function timesOf(event: AuditEvent): number[] {
  const end = endOf(event);
  return event.event === "command-started" ? [end] : [end - event.duration, end];
}

/** `go build`: the program and its subcommand, of those that Go knows, so that there are few different names. */
export function commandName(argv: readonly string[]): string {
  const program = argv[0]?.split("/").at(-1) ?? "";
  if (!/^go(?:[\d.]+(?:rc\d+|beta\d+)?)?$/.test(program)) return "other";
  const words = argv.slice(1).filter((word) => !word.startsWith("-"));
  // -C DIR comes before the subcommand.
  if (/^--?C$/.test(argv[1] ?? "")) words.shift();
  const [first = "", second = ""] = words;
  if (!subcommands.has(first)) return "go";
  return groups[first]?.includes(second) ? `go ${first} ${second}` : `go ${first}`;
}

const subcommands: ReadonlySet<string> = new Set(
  ["bug", "build", "clean", "doc", "env", "fix", "fmt", "generate", "get", "install", "list", "mod", "run"].concat([
    "telemetry",
    "test",
    "tool",
    "version",
    "vet",
    "work",
  ]),
);
const groups: Readonly<Record<string, readonly string[]>> = {
  mod: ["download", "edit", "graph", "init", "tidy", "vendor", "verify", "why"],
  work: ["edit", "init", "sync", "use", "vendor"],
};
