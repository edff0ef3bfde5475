// What the webhook counts, as Prometheus reads it.
import type { Admission } from "../admission/admit.ts";
import type { Review } from "../admission/review.ts";
import type { Route } from "../admission/route.ts";
import { isKnown } from "../admission/workload.ts";
import type { Attributes } from "../telemetry/attributes.ts";
import type { CounterPoint, HistogramPoint, Metric } from "../telemetry/measures.ts";
import { type Gauge, metricsText } from "../telemetry/prometheus-text.ts";

/** Seconds; the API server waits for 1 to 30. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

class Counts {
  readonly points = new Map<string, { readonly attributes: Attributes; value: number }>();

  add(attributes: Attributes): void {
    const key = JSON.stringify(attributes);
    const point = this.points.get(key);
    if (point === undefined) this.points.set(key, { attributes, value: 1 });
    else point.value += 1;
  }

  all(): CounterPoint[] {
    return [...this.points.values()];
  }
}

/** What is read at the moment of a scrape. */
export interface Present {
  /** When the certificate ends: milliseconds since the epoch. */
  readonly certificateEnds: number;
  readonly inFlight: number;
  readonly droppedSpans: number;
}

export class Metrics {
  private readonly reviews = new Counts();
  private readonly findings = new Counts();
  private readonly refusals = new Counts();
  private readonly reloads = new Counts();
  private readonly durations = new Map<string, HistogramPoint>();

  /** @param duration seconds, from the request's headers to the answer */
  review(route: Route, { operation, kind }: Review, { result, rules }: Admission, duration: number): void {
    // Whatever a sender makes up is no time series.
    const known = operation === "CREATE" || operation === "UPDATE" || operation === "DELETE" || operation === "CONNECT";
    this.reviews.add({
      webhook: route.webhook,
      operation: known ? operation : "other",
      kind: isKnown(kind) ? kind.kind : "other",
      result,
    });
    for (const rule of rules) this.findings.add({ rule });
    this.observe(route.webhook, duration);
  }

  /** A request that got no review as its answer. @param status of HTTP */
  refusal(status: number): void {
    this.refusals.add({ code: String(status) });
  }

  reload(result: "loaded" | "broken"): void {
    this.reloads.add({ result });
  }

  text({ certificateEnds, inFlight, droppedSpans }: Present): string {
    const counter = (name: string, unit: string, description: string, points: CounterPoint[]): Metric => ({
      kind: "counter",
      name: `gomodcache.${name}`,
      unit,
      description,
      points,
    });
    const gauge = (name: string, unit: string, description: string, value: number): Gauge => ({
      kind: "gauge",
      name,
      unit,
      description,
      points: [{ attributes: {}, value }],
    });
    return metricsText([
      counter(
        "admission.reviews",
        "{review}",
        "Reviews that were answered, by what the answer was.",
        this.reviews.all(),
      ),
      {
        kind: "histogram",
        name: "gomodcache.admission.duration",
        unit: "s",
        description: "How long a review took, from its headers to its answer.",
        bounds,
        points: [...this.durations.values()],
      },
      counter("admission.findings", "{finding}", "Reviews in which a rule found something.", this.findings.all()),
      counter("admission.refusals", "{request}", "Requests that were no reviews, by HTTP status.", this.refusals.all()),
      gauge("gomodcache.admission.in_flight", "{review}", "Requests that wait for their answer.", inFlight),
      counter("certificate.reloads", "{reload}", "Certificates that were found changed.", this.reloads.all()),
      gauge(
        "gomodcache.certificate.expiration.timestamp",
        "s",
        "When the certificate in use ends, in seconds since the epoch.",
        certificateEnds / 1000,
      ),
      counter("telemetry.dropped_spans", "{span}", "Spans that did not reach the receiver.", [
        { attributes: {}, value: droppedSpans },
      ]),
      gauge("process.start.time", "s", "When the process began, in seconds since the epoch.", began),
      gauge("process.resident.memory", "By", "Resident memory.", process.memoryUsage.rss()),
    ]);
  }

  private observe(webhook: Route["webhook"], value: number): void {
    let point = this.durations.get(webhook);
    if (point === undefined) {
      const counts = new Array<number>(bounds.length + 1).fill(0);
      point = { attributes: { webhook }, counts, count: 0, sum: 0, min: value, max: value };
      this.durations.set(webhook, point);
    }
    const found = bounds.findIndex((bound) => value <= bound);
    const bucket = found < 0 ? bounds.length : found;
    point.counts[bucket] = (point.counts[bucket] ?? 0) + 1;
    point.count += 1;
    point.sum += value;
  }
}

const began = performance.timeOrigin / 1000;
