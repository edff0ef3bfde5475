// `send-events FILE`: what a collector did not get at the time.
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { readEvents } from "../audit/read-events.ts";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { plural } from "../rules/shared/say.ts";
import { exportEvents } from "../telemetry/export.ts";
import { telemetrySettings } from "../telemetry/settings.ts";
import { writeStream } from "../ui/output.ts";

export interface SendOptions {
  /** Instead of OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly otlp?: string;
  /** Only commands that began then or later. */
  readonly since?: Date;
}

/** Nobody waits for the end of a build here. Milliseconds. */
const patience = 120_000;

export async function sendEvents(
  file: string,
  options: SendOptions,
  context: Context & { readonly stdin: Readable },
): Promise<ExitStatus> {
  const { otlp, since } = options;
  const env = otlp === undefined ? context.env : { ...context.env, OTEL_EXPORTER_OTLP_ENDPOINT: otlp };
  const { targets, complaints } = telemetrySettings(env);
  if (targets.length === 0)
    throw new UserError(complaints[0] ?? "nothing says where to send to", "give --otlp http://HOST:4318");
  const input = file === "-" ? context.stdin : createReadStream(resolve(context.cwd, file));
  const { events, skipped } = await readEvents(input).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file} cannot be read (${error.code ?? error.message})`, "name the file of run --events");
  });
  const spans = new Set<string>();
  for (const event of events) {
    const began = event.event === "command-started" && Date.parse(event.time) >= (since?.getTime() ?? 0);
    if (began) spans.add(event.spanId);
  }
  const chosen = events.filter((event) =>
    spans.has(event.event === "module-accessed" ? event.parentSpanId : event.spanId),
  );
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  await exportEvents(chosen, { env, version: context.version, warn, deadline: patience });
  if (skipped > 0)
    warnings.push(`${plural(skipped, "line", "lines")} of the file ${skipped === 1 ? "is no event" : "are no events"}`);
  for (const warning of warnings) await writeStream(context.stderr, `gomodcache: ${warning}\n`);
  if (warnings.length > (skipped > 0 ? 1 : 0)) return exitStatus.findings;
  await writeStream(
    context.stdout,
    `Sent ${plural(chosen.length, "event", "events")} of ${plural(spans.size, "command", "commands")}\n`,
  );
  return exitStatus.ok;
}
