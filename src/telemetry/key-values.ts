// `key=value,key=value`, as OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS have it: W3C Baggage without metadata. PURE.

/** @returns undefined if a part is no pair or is not percent-encoded as it should be: the specification discards all then */
export function parseKeyValues(list: string): Record<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const part of list.split(",")) {
    if (part.trim() === "") continue;
    const at = part.indexOf("=");
    const key = part.slice(0, at).trim();
    if (at < 0 || key === "") return undefined;
    try {
      pairs.set(decodeURIComponent(key), decodeURIComponent(part.slice(at + 1).trim()));
    } catch {
      return undefined;
    }
  }
  // Not by assignment: `__proto__` is a key like any other.
  return Object.fromEntries(pairs);
}
