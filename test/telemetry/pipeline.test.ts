// The Collector's configuration that we ship: a real Collector takes it, and adds up what short-lived commands send.
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportEvents } from "../../src/telemetry/export.ts";
import { Collector, collectorProgram, describeWithCollector, freePort } from "./collector.ts";
import { failure, traceId } from "./sample-events.ts";

const config = fileURLToPath(new URL("../../packaging/otel-collector/config.yaml", import.meta.url));

describeWithCollector("packaging/otel-collector/config.yaml", () => {
  let backend: Collector;
  beforeAll(async () => {
    backend = await Collector.start();
  });
  afterAll(() => backend.stop());

  test("is one that otelcol validates", () => {
    const { status, stderr } = spawnSync(collectorProgram, ["validate", "--config", config], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });

  test("brings traces and logs to their backends, and metrics as sums over commands", async () => {
    const port = await freePort();
    const env = {
      OTLP_LISTEN: `127.0.0.1:${port}`,
      TRACES_ENDPOINT: backend.url,
      METRICS_ENDPOINT: backend.url,
      LOGS_ENDPOINT: backend.url,
    };
    const child = spawn(collectorProgram, ["--config", config], { env, stdio: ["ignore", "ignore", "pipe"] });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    try {
      await new Promise<void>((resolve, reject) => {
        let said = "";
        child.stderr.on("data", (chunk) => {
          said += chunk;
          if (said.includes("Everything is ready")) resolve();
        });
        child.once("exit", () => reject(new Error(said)));
      });
      const warnings: string[] = [];
      for (let run = 0; run < 3; run += 1) {
        await exportEvents(
          failure.map((event) => ({ ...event, time: `2026-11-24T06:0${run}:00.000Z` })),
          {
            env: {
              OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
              OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "delta",
            },
            version: "0",
            warn: (message) => warnings.push(message),
            deadline: 20_000,
          },
        );
      }
      expect(warnings).toEqual([]);
    } finally {
      // It sends what it holds before it ends.
      child.kill("SIGTERM");
      await gone;
    }
    const { spans, metrics, logs } = backend.take();
    expect(spans).toHaveLength(12);
    expect(logs.map((log) => log.traceId)).toEqual([traceId, traceId, traceId]);
    const failures = metrics.filter(({ name }) => name === "gomodcache.failures");
    expect(failures.at(-1)?.sum?.aggregationTemporality).toBe(2);
    const points = failures.flatMap(({ sum }) => sum?.dataPoints ?? []);
    expect(points.map(({ asInt }) => asInt).sort()).toContain("3");
  });
});
