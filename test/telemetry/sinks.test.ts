import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditEvent } from "../../src/audit/event.ts";
import { openSinks, type SinkRequest } from "../../src/telemetry/sinks.ts";
import { makeLab, removeLab } from "../e2e/lab.ts";
import { failure, started } from "./sample-events.ts";
import { answering, type BadServer } from "./servers.ts";

let lab: string;
let receiver: BadServer;
const received: string[] = [];
beforeEach(async () => {
  lab = makeLab("sinks");
  received.length = 0;
  receiver = await answering((request, response) => {
    received.push(request.url ?? "");
    request.resume();
    request.on("end", () => response.end());
  });
});
afterEach(async () => {
  await receiver.close();
  removeLab(lab);
});

function request(warnings: string[], more: Partial<SinkRequest>): SinkRequest {
  return { env: {}, version: "0", warn: (message) => warnings.push(message), ...more };
}

test("each gets what happened, and none is there after the end", async () => {
  const warnings: string[] = [];
  const seen: AuditEvent[] = [started];
  const all = { otlp: receiver.url, promFile: `${lab}/a.prom`, promPort: 0 };
  const sinks = await openSinks(request(warnings, all), () => seen);
  const metrics = `http://127.0.0.1:${sinks.port}/metrics`;
  expect(await (await fetch(metrics)).text()).toBe("");
  seen.push(...failure.slice(1));
  expect(await (await fetch(metrics)).text()).toContain("gomodcache_failures_total{");
  await sinks.finish(failure);
  await expect(fetch(metrics)).rejects.toThrow();
  expect(received.sort()).toEqual(["/v1/logs", "/v1/metrics", "/v1/traces"]);
  expect(readFileSync(`${lab}/a.prom`, "utf8")).toContain("gomodcache_failures_total{");
  expect(warnings).toEqual([]);
});

test("none, if none is asked for", async () => {
  const warnings: string[] = [];
  const sinks = await openSinks(request(warnings, {}), () => []);
  await sinks.finish(failure);
  expect([sinks.port, received, warnings]).toEqual([undefined, [], []]);
});

test("each that cannot do its work is a warning, and the others do theirs", async () => {
  const warnings: string[] = [];
  const taken = Number(new URL(receiver.url).port);
  const all = { otlp: receiver.url, promFile: `${lab}/missing/a.prom`, promPort: taken };
  const sinks = await openSinks(request(warnings, all), () => []);
  await sinks.finish(failure);
  expect(warnings).toEqual([
    `metrics are not served on port ${taken}: EADDRINUSE`,
    `${lab}/missing/a.prom was not written: ENOENT`,
  ]);
  expect(received).toHaveLength(3);
});
