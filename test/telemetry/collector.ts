// A real OpenTelemetry Collector (test/collector, built by scripts/build-collector.sh) that writes what it receives to a file.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";

const script = fileURLToPath(new URL("../../scripts/build-collector.sh", import.meta.url));

export interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What a test looks at of OTLP's JSON: https://github.com/open-telemetry/opentelemetry-proto. */
interface Received {
  readonly resourceSpans?: readonly { resource: { attributes: KeyValue[] }; scopeSpans: { spans: ReceivedSpan[] }[] }[];
  readonly resourceMetrics?: readonly {
    resource: { attributes: KeyValue[] };
    scopeMetrics: { metrics: ReceivedMetric[] }[];
  }[];
  readonly resourceLogs?: readonly {
    resource: { attributes: KeyValue[] };
    scopeLogs: { logRecords: ReceivedLog[] }[];
  }[];
}

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: KeyValue[];
  readonly droppedAttributesCount?: number;
  readonly events?: { name: string; attributes: KeyValue[] }[];
  readonly status: { code?: number; message?: string };
}

interface Point {
  readonly attributes?: KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asInt?: string;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: string[];
  readonly explicitBounds?: number[];
}

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly sum?: { aggregationTemporality: number; isMonotonic: boolean; dataPoints: Point[] };
  readonly histogram?: { aggregationTemporality: number; dataPoints: Point[] };
}

export interface ReceivedLog {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: { stringValue: string };
  readonly attributes: KeyValue[];
  readonly traceId: string;
  readonly spanId: string;
}

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  /** Clients must show a certificate of this authority. */
  readonly clientAuthority?: string;
}

export class Collector {
  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts one and waits until it listens. */
  static async start(tls?: TlsFiles): Promise<Collector> {
    const directory = mkdtempSync(`${tmpdir()}/collector-`);
    const port = await freePort();
    const http = {
      endpoint: `127.0.0.1:${port}`,
      ...(tls && {
        tls: { cert_file: tls.certificate, key_file: tls.key, client_ca_file: tls.clientAuthority },
      }),
    };
    const pipeline = { receivers: ["otlp"], exporters: ["file"] };
    // JSON is YAML.
    writeFileSync(
      `${directory}/config.yaml`,
      JSON.stringify({
        receivers: { otlp: { protocols: { http } } },
        exporters: { file: { path: `${directory}/received.jsonl` } },
        service: {
          telemetry: { metrics: { level: "none" } },
          pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
        },
      }),
    );
    const child = spawn(collectorProgram, ["--config", `${directory}/config.yaml`], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await new Promise<void>((resolve, reject) => {
      let said = "";
      child.stderr?.on("data", (chunk) => {
        said += chunk;
        if (said.includes("Everything is ready")) resolve();
      });
      child.once("exit", () => reject(new Error(`the collector ended: ${said}`)));
    });
    return new Collector(port, directory, child);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What has arrived since the last time. It is in the file before the sender has its answer. */
  take(): { spans: ReceivedSpan[]; metrics: ReceivedMetric[]; logs: ReceivedLog[]; resources: KeyValue[][] } {
    const file = `${this.directory}/received.jsonl`;
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    rmSync(file);
    const all = lines.map((line) => JSON.parse(line) as Received);
    const spans = all.flatMap(({ resourceSpans = [] }) => resourceSpans);
    const metrics = all.flatMap(({ resourceMetrics = [] }) => resourceMetrics);
    const logs = all.flatMap(({ resourceLogs = [] }) => resourceLogs);
    return {
      spans: spans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
      metrics: metrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics)),
      logs: logs.flatMap(({ scopeLogs }) => scopeLogs.flatMap((scope) => scope.logRecords)),
      resources: [...spans, ...metrics, ...logs].map(({ resource }) => resource.attributes),
    };
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await gone;
    rmSync(this.directory, { recursive: true });
  }
}

/** The collector's program; CI builds it before the tests. */
export const collectorProgram = execFileSync(script, ["--path"], { encoding: "utf8" }).trim();

/** describe(), or a skip that says why. */
export function describeWithCollector(title: string, tests: () => void): void {
  const missing = !existsSync(collectorProgram);
  describe.skipIf(missing)(missing ? `${title} (skipped: run scripts/build-collector.sh)` : title, tests);
}

/** A TCP port of loopback that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Attributes as an object; integers of OTLP's JSON are strings. */
export function plain(attributes: readonly KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: Readonly<Record<string, unknown>>): unknown {
  const [[kind, content] = []] = Object.entries(value);
  if (kind === "intValue") return Number(content);
  if (kind === "arrayValue")
    return ((content as { values?: Record<string, unknown>[] }).values ?? []).map((item) => plainValue(item));
  return content;
}
