import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEvent } from "../../src/audit/event.ts";
import { exportEvents } from "../../src/telemetry/export.ts";
import { makeLab, removeLab } from "../e2e/lab.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { Collector, describeWithCollector, plain } from "./collector.ts";
import {
  cause,
  commandSpan,
  ended,
  failedMiss,
  failure,
  hit,
  miss,
  parentSpan,
  started,
  success,
  traceId,
} from "./sample-events.ts";

async function send(events: readonly AuditEvent[], env: Record<string, string>): Promise<string[]> {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  // The machine of the tests may be slow; how long a dead collector may take is another test.
  await exportEvents(events, { env, version: "1.2.3", warn, deadline: 20_000 });
  return warnings;
}

describeWithCollector("a real OpenTelemetry Collector", () => {
  let collector: Collector;
  beforeAll(async () => {
    collector = await Collector.start();
  });
  afterAll(() => collector.stop());

  for (const protocol of ["http/json", "http/protobuf"]) {
    for (const compression of ["none", "gzip"]) {
      test(`receives traces, metrics and logs over ${protocol}, compression ${compression}`, async () => {
        const warnings = await send(failure, {
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          OTEL_EXPORTER_OTLP_COMPRESSION: compression,
          OTEL_RESOURCE_ATTRIBUTES: "team=build%20tools",
        });
        expect(warnings).toEqual([]);
        const { spans, metrics, logs, resources } = collector.take();

        const command = spans.find(({ name }) => name === "go build");
        expect(command).toMatchObject({
          traceId,
          spanId: commandSpan,
          parentSpanId: parentSpan,
          kind: 3,
          startTimeUnixNano: "1795500000000000000",
          endTimeUnixNano: "1795500003500000000",
          status: { code: 2, message: cause.message },
        });
        expect(plain(command?.attributes)).toEqual({
          "process.executable.name": "go",
          "process.command_args": ["/usr/local/go/bin/go", "build", "-ldflags=-X main.token=REDACTED", "./..."],
          "process.working_directory": "/srv/app",
          "process.pid": 4711,
          "process.user.id": "2001",
          "process.exit.code": 1,
          "go.command": "go build",
          "go.version": "1.26.8",
          "go.modcache.path": "/srv/gomod",
          "go.command.attempt": 1,
          "error.type": "fs",
          "go.error.category": "fs",
          "go.error.cause": "fs",
          "go.error.subcategory": "modcache-not-owned-by-uid",
          "go.error.disposition": "fix-environment",
          "go.error.confidence": "certain",
          "go.error.where": "here",
          "go.error.paths": ["/srv/gomod/cache/download/example.com"],
        });

        const modules = spans.filter(({ name }) => name === "ReadModule");
        expect(modules.map(({ spanId }) => spanId)).toEqual([hit.spanId, miss.spanId, failedMiss.spanId]);
        for (const span of modules) expect(span).toMatchObject({ traceId, parentSpanId: commandSpan });
        expect(modules.map(({ startTimeUnixNano }) => startTimeUnixNano)).toEqual([
          "1795500001000000000",
          "1795500001760000000",
          "1795500002468500000",
        ]);
        expect(plain(modules[1]?.attributes)).toEqual({
          "go.module.path": "example.com/Beta",
          "go.module.version": "v1.1.0",
          "go.module.what": "zip",
          "go.module.hit": false,
          "go.module.source": "https://proxy.example.org",
          "go.module.size": 52_000,
          "go.modcache.path": "/srv/gomod",
          "http.response.status_code": 200,
          "server.address": "proxy.example.org",
          "server.port": 443,
        });
        expect(modules[2]?.status).toEqual({ code: 2, message: "503 Service Unavailable" });
        expect(plain(modules[2]?.attributes)).toMatchObject({ "go.error.category": "net", "error.type": "net" });

        expect(logs).toHaveLength(1);
        expect(logs[0]).toMatchObject({ traceId, spanId: commandSpan, severityNumber: 17, severityText: "ERROR" });
        expect(logs[0]?.body.stringValue).toBe(cause.message);
        expect(plain(logs[0]?.attributes)).toMatchObject({
          "go.error.category": "fs",
          "go.error.evidence": cause.evidence.text,
          "go.error.remedy": "gomodcache fix --cache-dir /srv/gomod",
        });

        expect(metrics.map(({ name, unit }) => [name, unit])).toEqual([
          ["gomodcache.command.duration", "s"],
          ["gomodcache.failures", "{failure}"],
          ["gomodcache.module.accesses", "{access}"],
          ["gomodcache.module.fetch.duration", "s"],
          ["gomodcache.module.fetch.size", "By"],
        ]);
        const [duration, failures, accesses] = metrics;
        expect(duration?.histogram?.dataPoints).toMatchObject([{ count: "1", sum: 3.5 }]);
        expect(failures?.sum).toMatchObject({ isMonotonic: true, aggregationTemporality: 2 });
        expect(plain(failures?.sum?.dataPoints[0]?.attributes)).toEqual({
          "go.error.category": "fs",
          "go.error.cause": "fs",
          "go.error.subcategory": "modcache-not-owned-by-uid",
          "go.error.disposition": "fix-environment",
        });
        expect(accesses?.sum?.dataPoints.map((point) => [point.asInt, plain(point.attributes)])).toEqual([
          ["1", { "go.module.hit": true, "go.module.what": "mod", "go.module.source": "cache" }],
          ["1", { "go.module.hit": false, "go.module.what": "zip", "go.module.source": "https://proxy.example.org" }],
          [
            "1",
            {
              "go.module.hit": false,
              "go.module.what": "list",
              "go.module.source": "https://proxy.example.org:8443",
              "error.type": "net",
            },
          ],
        ]);

        for (const attributes of resources.map(plain)) {
          expect(attributes).toMatchObject({
            "service.name": "gomodcache",
            "service.version": "1.2.3",
            team: "build tools",
          });
        }
        expect(resources.map((attributes) => plain(attributes)["cicd.pipeline.run.id"])).toEqual(
          expect.arrayContaining(["12", undefined]),
        );
      });
    }
  }

  test("receives a success without an error, and a trace of its own for each command", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "3" };
    expect(await send([...success(1), ...success(2), ...success(3)], env)).toEqual([]);
    const { spans, logs } = collector.take();
    expect(spans).toHaveLength(6);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(3);
    expect(spans.filter(({ parentSpanId }) => parentSpanId !== undefined && parentSpanId !== "")).toHaveLength(3);
    expect(spans.every(({ status }) => status.code === undefined || status.code === 0)).toBe(true);
    expect(logs).toEqual([]);
  });

  test("receives what the limits leave, and how much they took", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "3" };
    const logs = { OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "5" };
    expect(await send(failure, { ...env, ...logs })).toEqual([]);
    const received = collector.take();
    const command = received.spans.find(({ spanId }) => spanId === commandSpan);
    expect(plain(command?.attributes)).toEqual({
      "process.executable.name": "go",
      "process.command_args": ["/usr/", "build", "-ldfl", "./..."],
      "process.working_directory": "/srv/",
    });
    expect(command?.droppedAttributesCount).toBe(15);
    expect(plain(received.logs[0]?.attributes)["go.error.subcategory"]).toBe("modca");
  });

  test("receives no span of a trace that its caller does not record, and the metrics all the same", async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      TRACEPARENT: `00-${traceId}-${parentSpan}-00`,
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "delta",
    };
    expect(await send(failure, env)).toEqual([]);
    const { spans, metrics, logs } = collector.take();
    expect(spans).toEqual([]);
    expect(logs).toHaveLength(1);
    expect(metrics.find(({ sum }) => sum !== undefined)?.sum?.aggregationTemporality).toBe(1);
  });

  test("receives a command whose end was not recorded as one that failed", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    expect(await send(failure.slice(0, 3), env)).toEqual([]);
    const { spans, metrics } = collector.take();
    expect(spans.find(({ spanId }) => spanId === commandSpan)).toMatchObject({
      endTimeUnixNano: "1795500002000000000",
      status: { code: 2, message: "how it ended was not recorded" },
    });
    expect(metrics.map(({ name }) => name)).not.toContain("gomodcache.command.duration");
  });

  test("receives ten thousand module accesses in batches", async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      ...hit,
      spanId: (index + 1).toString(16).padStart(16, "0"),
    }));
    expect(await send([started, ...many, ended], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })).toEqual([]);
    const { spans } = collector.take();
    expect(spans).toHaveLength(10_001);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(10_001);
  });
});

describeWithCollector("a real OpenTelemetry Collector behind TLS that wants to know its clients", () => {
  let lab: string;
  let certificates: Certificates;
  let collector: Collector;
  let env: Record<string, string>;
  beforeAll(async () => {
    lab = makeLab("certificates");
    certificates = makeCertificates(lab);
    collector = await Collector.start({ ...certificates.server, clientAuthority: certificates.authority });
    env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace("http:", "https:") };
  });
  afterAll(async () => {
    await collector.stop();
    removeLab(lab);
  });

  test("receives from who trusts its authority and shows a certificate", async () => {
    const { authority, client } = certificates;
    const files = {
      OTEL_EXPORTER_OTLP_CERTIFICATE: authority,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.certificate,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: client.key,
    };
    expect(await send(failure, { ...env, ...files })).toEqual([]);
    expect(collector.take().spans).toHaveLength(4);
  });

  test("is told nothing by who does not trust its authority", async () => {
    const [warning, ...more] = await send(failure, env);
    expect(warning).toMatch(
      /^telemetry \(traces, metrics, logs\) did not reach https:.*: .*(CERT|VERIFY|SIGNED|ISSUER)/,
    );
    expect(more).toEqual([]);
  });

  test("refuses who shows no certificate", async () => {
    const [warning, ...more] = await send(failure, { ...env, OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.authority });
    expect(warning).toMatch(/^telemetry \(traces, metrics, logs\) did not reach https:/);
    expect(more).toEqual([]);
  });
});
