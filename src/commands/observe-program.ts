// The command table, continued: what observes go commands and their logs.
import { type Command, InvalidArgumentError } from "commander";
import type { Context } from "../context.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

export function addSendEvents(command: Command, finish: Finish, context: Context): void {
  command
    .exitOverride()
    .argument("<file>", "an event file of run; - for standard input")
    .summary("send the events of an event file to an OpenTelemetry receiver")
    .description(
      "Sends traces, metrics and logs of the commands in an event file, with the IDs and times they had: for a collector that was away then. What it already has it gets a second time, so choose with --since.",
    )
    .option("--otlp <url>", "where to, by OTLP over HTTP (else OTEL_EXPORTER_OTLP_ENDPOINT)")
    .option("--since <time>", "only commands that began then or later: 2026-11-24T06:00:00Z", parseTime)
    .addHelpText(
      "after",
      `
Examples:
  gomodcache send-events events.jsonl --otlp http://collector:4318
  OTEL_METRICS_EXPORTER=none gomodcache send-events - < events.jsonl

All OTEL_* variables of an OTLP exporter count: see docs/telemetry.md.
Exit status: 0 all has arrived, 1 something has not, 2 usage.`,
    )
    .action(async (file: string, options) => {
      const { sendEvents } = await import("./send-events.ts");
      finish(await sendEvents(file, options, { ...context, stdin: process.stdin }));
    });
}

function parseTime(value: string): Date {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError("give a time such as 2026-11-24T06:00:00Z");
  return time;
}
