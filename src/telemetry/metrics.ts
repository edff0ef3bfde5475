// Measures in the shape that OpenTelemetry's encoders take. PURE.
import type { ObservedCommand } from "./commands.ts";
import type { Metrics } from "./encode.ts";
import { measures } from "./measures.ts";
import { hrTime, type RecordContext } from "./records.ts";

/** Of @opentelemetry/api and sdk-metrics, whose enumerations these are. */
const valueType = { int: 0, double: 1 } as const;
const temporality = { delta: 0, cumulative: 1 } as const;
const pointType = { histogram: 0, sum: 3 } as const;

type MetricData = Metrics["scopeMetrics"][number]["metrics"][number];

/** The metrics over commands, of which there is at least one; of the time from the first command's start to the last one's end. */
export function metricsOf(commands: readonly ObservedCommand[], context: RecordContext): Metrics {
  const startTime = hrTime(commands.reduce((first, { from }) => Math.min(first, from), Number.POSITIVE_INFINITY));
  const endTime = hrTime(commands.reduce((last, { to }) => Math.max(last, to), 0));
  const aggregationTemporality = context.settings.delta ? temporality.delta : temporality.cumulative;
  const metrics = measures(commands).map((metric): MetricData => {
    const { name, unit, description } = metric;
    if (metric.kind === "counter")
      return {
        descriptor: { name, unit, description, valueType: valueType.int },
        dataPointType: pointType.sum,
        aggregationTemporality,
        isMonotonic: true,
        dataPoints: metric.points.map(({ attributes, value }) => ({ startTime, endTime, attributes, value })),
      };
    return {
      descriptor: { name, unit, description, valueType: valueType.double },
      dataPointType: pointType.histogram,
      aggregationTemporality,
      dataPoints: metric.points.map(({ attributes, counts, ...rest }) => {
        const buckets = { boundaries: [...metric.bounds], counts };
        return { startTime, endTime, attributes, value: { ...rest, buckets } };
      }),
    };
  });
  const filled = metrics.filter(({ dataPoints }) => dataPoints.length > 0);
  return { resource: context.resource, scopeMetrics: [{ scope: context.scope, metrics: filled }] };
}
