// What is counted over commands: the metrics, for OTLP and for Prometheus alike. PURE.
// Nothing here names a module or a path: each set of attributes is a time series for good.
import { type Attributes, failureOf, sourceOf } from "./attributes.ts";
import { commandName, type ObservedCommand } from "./commands.ts";

export interface Definition {
  readonly name: string;
  /** UCUM: https://ucum.org/ucum */
  readonly unit: string;
  readonly description: string;
}

export interface CounterPoint {
  readonly attributes: Attributes;
  value: number;
}

export interface HistogramPoint {
  readonly attributes: Attributes;
  /** One more than there are bounds; not cumulative. */
  readonly counts: number[];
  count: number;
  sum: number;
  min: number;
  max: number;
}

export interface Counter extends Definition {
  readonly kind: "counter";
  readonly points: readonly CounterPoint[];
}

export interface Histogram extends Definition {
  readonly kind: "histogram";
  /** Upper bounds, included; ascending. */
  readonly bounds: readonly number[];
  readonly points: readonly HistogramPoint[];
}

export type Metric = Counter | Histogram;

const mebibyte = 1024 * 1024;

/** All metrics, those without a point too. */
export function measures(commands: readonly ObservedCommand[]): Metric[] {
  const accesses = commands.flatMap((command) => command.accesses);
  const fetches = accesses.filter((access) => !access.hit);
  const ends = commands.filter((command) => command.ended !== undefined);
  return [
    histogram(
      {
        name: "gomodcache.command.duration",
        unit: "s",
        description: "How long observed go commands took, each attempt for itself.",
      },
      [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800],
      ends.map(({ started, ended }) => ({
        value: (ended?.duration ?? 0) / 1000,
        attributes: {
          "go.command": started === undefined ? "other" : commandName(started.argv),
          ...errorType(ended && failureOf(ended)),
        },
      })),
    ),
    counter(
      {
        name: "gomodcache.failures",
        unit: "{failure}",
        description: "Go commands that failed because of their environment, by the root cause.",
      },
      ends.flatMap(({ ended }) => {
        const cause = ended?.causes[0];
        if (cause === undefined) return [];
        return {
          "go.error.category": cause.coarse ?? cause.category,
          "go.error.cause": cause.category,
          "go.error.subcategory": cause.subcategory,
          "go.error.disposition": cause.disposition,
        };
      }),
    ),
    counter(
      {
        name: "gomodcache.module.accesses",
        unit: "{access}",
        description: "Reads of a module's files: hits of the cache, and what was fetched.",
      },
      accesses.map((access) => ({
        "go.module.hit": access.hit,
        "go.module.what": access.what,
        "go.module.source": sourceOf(access),
        ...errorType(access.error?.category),
      })),
    ),
    histogram(
      {
        name: "gomodcache.module.fetch.duration",
        unit: "s",
        description: "How long a fetch of a module's file took, failed ones included.",
      },
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      fetches.map((access) => ({
        value: access.duration / 1000,
        attributes: { "go.module.source": sourceOf(access), ...errorType(access.error?.category) },
      })),
    ),
    histogram(
      {
        name: "gomodcache.module.fetch.size",
        unit: "By",
        description: "How large the fetched files of modules are.",
      },
      [1024, 16 * 1024, 65_536, mebibyte / 4, mebibyte, 4 * mebibyte, 16 * mebibyte, 64 * mebibyte, 256 * mebibyte],
      fetches.flatMap((access) =>
        access.bytes === undefined ? [] : { value: access.bytes, attributes: { "go.module.source": sourceOf(access) } },
      ),
    ),
  ];
}

function errorType(type: string | undefined): Attributes {
  return type === undefined ? {} : { "error.type": type };
}

function counter(definition: Definition, seen: readonly Attributes[]): Counter {
  const points = new Map<string, CounterPoint>();
  for (const attributes of seen) {
    const key = JSON.stringify(attributes);
    const point = points.get(key);
    if (point === undefined) points.set(key, { attributes, value: 1 });
    else point.value += 1;
  }
  return { kind: "counter", ...definition, points: [...points.values()] };
}

function histogram(
  definition: Definition,
  bounds: readonly number[],
  seen: readonly { readonly value: number; readonly attributes: Attributes }[],
): Histogram {
  const points = new Map<string, HistogramPoint>();
  for (const { value, attributes } of seen) {
    const key = JSON.stringify(attributes);
    let point = points.get(key);
    if (point === undefined) {
      const counts = new Array<number>(bounds.length + 1).fill(0);
      point = { attributes, counts, count: 0, sum: 0, min: value, max: value };
      points.set(key, point);
    }
    const bucket = bounds.findIndex((bound) => value <= bound);
    const index = bucket < 0 ? bounds.length : bucket;
    point.counts[index] = (point.counts[index] ?? 0) + 1;
    point.count += 1;
    point.sum += value;
    point.min = Math.min(point.min, value);
    point.max = Math.max(point.max, value);
  }
  return { kind: "histogram", ...definition, bounds, points: [...points.values()] };
}
