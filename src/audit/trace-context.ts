// W3C Trace Context, level 2: https://www.w3.org/TR/trace-context-2/. PURE but for the random numbers, which the caller gives.

export interface TraceContext {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** Of the caller's span: 16 lower-case hexadecimal digits. */
  readonly parentSpanId?: string;
  /** Two hexadecimal digits; bit 0: the caller records this trace. */
  readonly flags: string;
}

/**
 * Reads a traceparent. A later version is read as far as this one knows it, as the specification asks.
 * @returns undefined if it is malformed: then there is no caller, and tracestate does not count either
 */
export function parseTraceparent(text: string): TraceContext | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, version = "", traceId = "", parentSpanId = "", flags = "", rest] = match;
  if (version === "ff" || /^0+$/.test(traceId) || /^0+$/.test(parentSpanId)) return undefined;
  if (version === "00" && rest !== undefined) return undefined;
  return { traceId, parentSpanId, flags };
}

/** The traceparent for what a span calls. */
export function formatTraceparent({ traceId, flags }: TraceContext, spanId: string): string {
  return `00-${traceId}-${spanId}-${flags}`;
}

/** The flags with bit 0 saying whether this trace is recorded. */
export function sampledFlags(flags: string, isSampled: boolean): string {
  const others = Number.parseInt(flags, 16) & 0xfe;
  return (others | (isSampled ? 1 : 0)).toString(16).padStart(2, "0");
}

/** @param random gives so many random bytes */
export function newTrace(random: (bytes: number) => Buffer): TraceContext {
  return { traceId: newId(16, random), flags: "01" };
}

/** A new span's ID. */
export function newSpanId(random: (bytes: number) => Buffer): string {
  return newId(8, random);
}

/** All zeros is no ID. */
function newId(bytes: number, random: (bytes: number) => Buffer): string {
  const id = random(bytes).toString("hex");
  return /^0+$/.test(id) ? newId(bytes, random) : id;
}
