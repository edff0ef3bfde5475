// Prometheus' text format, written and, as far as we wrote it, read again. PURE.
// https://prometheus.io/docs/instrumenting/exposition_formats/
import type { AuditEvent } from "../audit/event.ts";
import type { Attributes } from "./attributes.ts";
import { observedCommands } from "./commands.ts";
import { type Definition, type Histogram, type Metric, measures } from "./measures.ts";

/** What goes up and down; only for a Prometheus that scrapes us. */
export interface Gauge extends Definition {
  readonly kind: "gauge";
  readonly points: readonly { readonly attributes: Attributes; readonly value: number }[];
}

/** Name with labels to value, in the order of the text. */
export type Samples = ReadonlyMap<string, number>;

/** The metrics of these events. */
export function prometheusText(events: readonly AuditEvent[]): string {
  return renderSamples(samplesOf(events));
}

export function samplesOf(events: readonly AuditEvent[]): Samples {
  return new Map(measures(observedCommands(events)).flatMap(metricSamples));
}

/** Everything here is a counter (the buckets of a histogram too), so runs add up sample by sample. */
export function addSamples(one: Samples, other: Samples): Samples {
  const sum = new Map(one);
  for (const [name, value] of other) sum.set(name, (sum.get(name) ?? 0) + value);
  return sum;
}

export function renderSamples(samples: Samples): string {
  const families = measures([]).map((metric) => {
    const name = familyName(metric);
    const isOwn = new RegExp(`^${name}${metric.kind === "counter" ? "" : "_(?:bucket|sum|count)"}(?:\\{| |$)`);
    const lines = [...samples].filter(([key]) => isOwn.test(key)).map(([key, value]) => `${key} ${value}`);
    return lines.length === 0 ? [] : [...headOf(metric), ...lines];
  });
  return families
    .flat()
    .map((line) => `${line}\n`)
    .join("");
}

/** Metrics that are counted elsewhere, each with its head; those without a point are left out. */
export function metricsText(metrics: readonly (Metric | Gauge)[]): string {
  return metrics
    .filter(({ points }) => points.length > 0)
    .flatMap((metric) => [...headOf(metric), ...metricSamples(metric).map(([key, value]) => `${key} ${value}`)])
    .map((line) => `${line}\n`)
    .join("");
}

function headOf(metric: Metric | Gauge): string[] {
  const name = familyName(metric);
  return [`# HELP ${name} ${metric.description}`, `# TYPE ${name} ${metric.kind}`];
}

/** @returns undefined if the text is none that renderSamples made, whole */
export function parseSamples(text: string): Samples | undefined {
  const lines = text.split("\n");
  if (lines.pop() !== "") return undefined;
  const samples = new Map<string, number>();
  for (const line of lines) {
    if (line.startsWith("#")) continue;
    const at = line.lastIndexOf(" ");
    const value = Number(line.slice(at + 1));
    if (at < 0 || !(value >= 0)) return undefined;
    samples.set(line.slice(0, at), value);
  }
  return samples;
}

function metricSamples(metric: Metric | Gauge): [string, number][] {
  const name = familyName(metric);
  if (metric.kind !== "histogram")
    return metric.points.map(({ attributes, value }) => [name + labels(attributes), value]);
  return metric.points.flatMap((point) => histogramSamples(name, metric, point));
}

function histogramSamples(name: string, { bounds }: Histogram, point: Histogram["points"][number]): [string, number][] {
  let below = 0;
  const buckets = point.counts.map((count, index): [string, number] => {
    below += count;
    const le = String(bounds[index] ?? "+Inf");
    return [`${name}_bucket${labels({ ...point.attributes, le })}`, below];
  });
  const all = labels(point.attributes);
  return [...buckets, [`${name}_sum${all}`, point.sum], [`${name}_count${all}`, point.count]];
}

const units: Readonly<Record<string, string>> = { s: "_seconds", By: "_bytes" };

/**
 * As the Collector names it (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/), so that the same rules
 * and dashboards serve both ways.
 */
function familyName({ name, unit, kind }: Metric | Gauge): string {
  return `${name.replaceAll(".", "_")}${units[unit] ?? ""}${kind === "counter" ? "_total" : ""}`;
}

function labels(attributes: Attributes): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${key.replaceAll(".", "_")}="${escaped(String(value))}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
