// The admission webhook as a whole: its two ports, its certificate, its end.
import type { AdmissionSettings } from "../admission/admit.ts";
import { UserError } from "../error.ts";
import { SpanQueue } from "../telemetry/span-queue.ts";
import { type Certificate, type CertificateFiles, readCertificate, watchCertificate } from "./certificate.ts";
import { Metrics } from "./metrics.ts";
import { type ObservationPort, observe } from "./observation-port.ts";
import { ReviewServer } from "./server.ts";

export interface WebhookOptions {
  readonly files: CertificateFiles;
  /** Absent: all addresses. */
  readonly address?: string;
  /** 0 is any that is free. */
  readonly port: number;
  readonly metricsPort: number;
  readonly admission: AdmissionSettings;
  /** Milliseconds for which reviews are taken after the end was asked for, until no Service sends any. */
  readonly shutdownDelay: number;
  readonly version: string;
  /** OTEL_* count. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with what happens, one line without a full stop each. */
  readonly log: (line: string) => void;
}

export interface Webhook {
  readonly port: number;
  readonly metricsPort: number;
  /** Stops being ready, answers for the delay, then what is under way; bounded by the delay and 12 s. */
  end(): Promise<void>;
}

/** Milliseconds: longer than the API server waits by the configuration that we give it. */
const longestAnswer = 10_000;
/** Milliseconds for the last spans. */
const lastSpans = 1_000;
const day = 24 * 60 * 60 * 1000;

/** @throws {UserError} if the certificate cannot be used, or a port cannot be had */
export async function startWebhook(options: WebhookOptions): Promise<Webhook> {
  const { files, address, log, admission, env, version } = options;
  let certificate = firstCertificate(files);
  const metrics = new Metrics();
  const spans = SpanQueue.open(env, version, log);
  const server = new ReviewServer(certificate, { admission, metrics, spans });
  let isReady = true;
  const port = await taken("--port", options.port, () => server.listen(options.port, address));
  const observation: ObservationPort = await taken("--metrics-port", options.metricsPort, () =>
    observe(options.metricsPort, address, {
      isReady: () => isReady,
      metrics: () =>
        metrics.text({
          certificateEnds: certificate.ends,
          inFlight: server.inFlight,
          droppedSpans: spans?.dropped ?? 0,
        }),
    }),
  ).catch(async (error: unknown) => {
    await server.end(0);
    throw error;
  });
  tellEnd(certificate, log);
  const unwatch = watchCertificate(files, certificate, {
    onChange: (next) => {
      certificate = next;
      server.use(next);
      metrics.reload("loaded");
      log("the certificate was read again and is in use");
      tellEnd(next, log);
    },
    onBroken: (reason) => {
      metrics.reload("broken");
      log(`the certificate was changed and cannot be used, so that the old one stays: ${reason}`);
    },
  });
  return {
    port,
    metricsPort: observation.port,
    end: async () => {
      isReady = false;
      server.prepareToEnd();
      await new Promise((resolve) => setTimeout(resolve, options.shutdownDelay));
      const whole = await server.end(longestAnswer);
      if (!whole) log("some reviews were not answered in time and were broken off");
      await spans?.close(lastSpans);
      unwatch();
      observation.close();
    },
  };
}

function firstCertificate(files: CertificateFiles): Certificate {
  try {
    return readCertificate(files);
  } catch (error) {
    throw new UserError(
      (error as Error).message,
      "give --tls-cert and --tls-key a pair in PEM, such as a Secret's tls.crt and tls.key",
    );
  }
}

function tellEnd({ ends }: Certificate, log: (line: string) => void): void {
  const left = ends - Date.now();
  const when = new Date(ends).toISOString();
  if (left < 0) log(`the certificate ended at ${when}: no API server will take it`);
  else if (left < 7 * day) log(`the certificate ends at ${when}`);
}

async function taken<T>(option: string, port: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "EADDRINUSE" ? "somebody has it" : code === "EACCES" ? "it takes privilege" : (code ?? String(error));
    throw new UserError(
      `port ${port} cannot be listened on: ${why}`,
      `give ${option} another one, or 0 for any that is free`,
    );
  }
}
