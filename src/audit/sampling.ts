// Which traces are sent: OTEL_TRACES_SAMPLER, and what TRACEPARENT says was decided before us. PURE.

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether the spans of a trace are sent. The answer depends on nothing but its arguments, so that what is told to the child
 * in TRACEPARENT and what is sent at the end agree.
 * @param env OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG and TRACEPARENT count; an unknown sampler is the default,
 *   `parentbased_always_on`
 */
export function isSampled(env: Environment, traceId: string): boolean {
  const sampler = env["OTEL_TRACES_SAMPLER"]?.trim().toLowerCase() ?? "";
  const root = rootSampler(sampler.replace("parentbased_", ""), env["OTEL_TRACES_SAMPLER_ARG"]);
  if (["always_on", "always_off", "traceidratio"].includes(sampler)) return root(traceId);
  const [, parentTrace, flags] =
    /^\s*[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})/.exec(env["TRACEPARENT"] ?? "") ?? [];
  return parentTrace === traceId ? (Number.parseInt(flags as string, 16) & 1) === 1 : root(traceId);
}

function rootSampler(name: string, argument: string | undefined): (traceId: string) => boolean {
  if (name === "always_off") return () => false;
  if (name !== "traceidratio") return () => true;
  const given = Number(argument?.trim() || "1");
  const ratio = given >= 0 && given <= 1 ? given : 1;
  // As Go's SDK decides (go.opentelemetry.io/otel/sdk/trace, sampling.go), so that go programs and we choose the same traces.
  const bound = BigInt(Math.floor(ratio * 2 ** 63));
  return (traceId) => ratio >= 1 || BigInt(`0x${traceId.slice(16)}`) >> 1n < bound;
}
