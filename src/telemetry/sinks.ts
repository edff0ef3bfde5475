// All that listens to the events of a command, besides the event file: what `run` opens before and closes after it.
import type { AuditEvent } from "../audit/event.ts";
import { printable } from "../report/safe.ts";
import { exportEvents } from "./export.ts";

export interface SinkRequest {
  /** OTEL_* and TRACEPARENT count. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** An OTLP endpoint, in the place of OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly otlp?: string;
  /** A file for node_exporter's textfile collector; an absolute path. */
  readonly promFile?: string;
  /** A port of loopback where Prometheus can scrape while the command runs; 0 is any that is free. */
  readonly promPort?: number;
  /** Called with one printable line for each sink that cannot do its work. */
  readonly warn: (message: string) => void;
}

export interface Sinks {
  /** Where metrics are served, if they are. */
  readonly port?: number;
  /**
   * Hands over what happened, to all sinks at once; at most a second, whatever they do.
   * @param events of all attempts
   */
  finish(events: readonly AuditEvent[]): Promise<void>;
}

/**
 * Opens the sinks that were asked for. Code is loaded for those only. It never throws: observing must not break what is observed.
 * @param source what happened so far, asked at every scrape
 */
export async function openSinks(request: SinkRequest, source: () => readonly AuditEvent[]): Promise<Sinks> {
  const { version, otlp, promFile, promPort, warn } = request;
  const env = otlp === undefined ? request.env : { ...request.env, OTEL_EXPORTER_OTLP_ENDPOINT: otlp };
  const server = promPort === undefined ? undefined : await serve(promPort, source, warn);
  return {
    ...(server === undefined ? {} : { port: server.port }),
    finish: async (events) => {
      server?.close();
      await Promise.all([exportEvents(events, { env, version, warn }), writeFile(promFile, events, warn)]);
    },
  };
}

async function serve(port: number, source: () => readonly AuditEvent[], warn: SinkRequest["warn"]) {
  const { servePrometheus } = await import("./prometheus-port.ts");
  try {
    return await servePrometheus(port, source);
  } catch (error) {
    warn(printable(`metrics are not served on port ${port}: ${(error as NodeJS.ErrnoException).code ?? error}`));
    return undefined;
  }
}

async function writeFile(file: string | undefined, events: readonly AuditEvent[], warn: SinkRequest["warn"]) {
  if (file === undefined) return;
  const { writePrometheusFile } = await import("./prometheus-file.ts");
  await writePrometheusFile(file, events, { warn });
}
