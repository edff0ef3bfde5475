import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { isSampled } from "../../src/audit/sampling.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parent = (flags: string, trace = traceId): string => `00-${trace}-00f067aa0ba902b7-${flags}`;

test("the parent decides, unless the sampler is one that does not ask", () => {
  expect(isSampled({}, traceId)).toBe(true);
  expect(isSampled({ TRACEPARENT: parent("00") }, traceId)).toBe(false);
  expect(isSampled({ TRACEPARENT: parent("01") }, traceId)).toBe(true);
  expect(isSampled({ TRACEPARENT: parent("02") }, traceId)).toBe(false);
  const off = { OTEL_TRACES_SAMPLER: "parentbased_always_off" };
  expect(isSampled(off, traceId)).toBe(false);
  expect(isSampled({ ...off, TRACEPARENT: parent("01") }, traceId)).toBe(true);
  expect(isSampled({ OTEL_TRACES_SAMPLER: "always_on", TRACEPARENT: parent("00") }, traceId)).toBe(true);
  expect(isSampled({ OTEL_TRACES_SAMPLER: "always_off", TRACEPARENT: parent("01") }, traceId)).toBe(false);
});

test("the parent of another trace, a malformed one and an unknown sampler count for nothing", () => {
  expect(isSampled({ TRACEPARENT: parent("00", "a".repeat(32)) }, traceId)).toBe(true);
  expect(isSampled({ TRACEPARENT: "00" }, traceId)).toBe(true);
  expect(isSampled({ OTEL_TRACES_SAMPLER: "jaeger_remote" }, traceId)).toBe(true);
});

test("a ratio chooses that share of the traces, the same ones each time, and more with a higher one", () => {
  const traces = Array.from({ length: 4000 }, () => randomBytes(16).toString("hex"));
  const chosen = (ratio: string): string[] =>
    traces.filter((trace) => isSampled({ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: ratio }, trace));
  expect(chosen("0")).toEqual([]);
  expect(chosen("1")).toEqual(traces);
  expect(chosen("nonsense")).toEqual(traces);
  const quarter = chosen("0.25");
  // Eight standard deviations.
  expect(Math.abs(quarter.length - 1000)).toBeLessThan(220);
  expect(chosen("0.25")).toEqual(quarter);
  expect(new Set(chosen("0.5")).size).toBe(new Set([...chosen("0.5"), ...quarter]).size);
});

test("a ratio chooses what Go's SDK chooses: by the last eight bytes, shifted by one", () => {
  const env = { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.5" };
  expect(isSampled(env, `${"f".repeat(16)}7fffffffffffffff`)).toBe(true);
  expect(isSampled(env, `${"0".repeat(16)}8000000000000000`)).toBe(false);
});
