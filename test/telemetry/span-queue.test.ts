// Spans of a service: it never waits for them, whatever the receiver does.
import { expect, it } from "vitest";
import type { SpanParts } from "../../src/telemetry/records.ts";
import { SpanQueue } from "../../src/telemetry/span-queue.ts";
import { accepting, answering } from "./servers.ts";

const parts = (index: number): SpanParts => ({
  name: "POST /mutate",
  kind: 1,
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: index.toString(16).padStart(16, "0"),
  parent: undefined,
  remoteParent: true,
  from: 1_000,
  to: 1_001,
  failure: undefined,
  attributes: {},
  events: [],
  droppedEvents: 0,
});

function open(url: string, more: Record<string, string> = {}): { queue: SpanQueue; told: string[] } {
  const told: string[] = [];
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", ...more };
  const queue = SpanQueue.open(env, "0", (line) => told.push(line));
  if (queue === undefined) throw new Error("there is no queue");
  return { queue, told };
}

it("without an endpoint there is no queue", () => {
  expect(SpanQueue.open({}, "0", () => undefined)).toBeUndefined();
  expect(
    SpanQueue.open({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://x", OTEL_TRACES_EXPORTER: "none" }, "0", () => undefined),
  ).toBeUndefined();
});

it("sends in batches, and the rest at the end; each span once", async () => {
  const sizes: number[] = [];
  const receiver = await answering((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      sizes.push(text.split('"spanId"').length - 1);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  const { queue, told } = open(receiver.url, { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "100" });
  for (let index = 1; index <= 250; index += 1) queue.add(parts(index));
  await queue.close(5_000);
  await receiver.close();
  expect(sizes).toEqual([100, 100, 50]);
  expect([queue.dropped, told]).toEqual([0, []]);
});

it("a receiver that does not answer costs spans, no memory and one line", async () => {
  const silent = await accepting(() => undefined);
  const { queue, told } = open(silent.url, { OTEL_EXPORTER_OTLP_TIMEOUT: "300" });
  for (let index = 1; index <= 10_000; index += 1) queue.add(parts(index));
  expect(queue.dropped).toBeGreaterThan(7_000);
  const began = performance.now();
  await queue.close(300);
  expect(performance.now() - began).toBeLessThan(5_000);
  await silent.close();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^telemetry \(traces\) did not reach http:\/\/127\.0\.0\.1:\d+: /);
});

it("the caller's decision to sample holds, unless the sampler says otherwise", () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const caller = (flags: string): string => `00-${traceId}-00f067aa0ba902b7-${flags}`;
  const { queue } = open("http://127.0.0.1:9");
  expect([
    queue.isSampled(traceId, caller("01")),
    queue.isSampled(traceId, caller("00")),
    queue.isSampled(traceId, undefined),
  ]).toEqual([true, false, true]);
  const off = open("http://127.0.0.1:9", { OTEL_TRACES_SAMPLER: "always_off" }).queue;
  expect(off.isSampled(traceId, caller("01"))).toBe(false);
});
