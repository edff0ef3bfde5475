// The standard OTEL_* variables as values. PURE: the certificates that they name are read by who sends.
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and …/protocol/exporter/
import { parseKeyValues } from "./key-values.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export const signals = ["traces", "metrics", "logs"] as const;
export type Signal = (typeof signals)[number];

/** Where one signal goes, and how. */
export interface Target {
  readonly signal: Signal;
  readonly url: string;
  readonly protocol: "http/json" | "http/protobuf";
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly gzip: boolean;
  /** Files in PEM. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

export interface Limits {
  /** Characters; undefined is no limit. */
  readonly valueLength: number | undefined;
  readonly attributes: number;
}

export interface TelemetrySettings {
  readonly targets: readonly Target[];
  /** What is set and cannot be done; each a sentence without a full stop. */
  readonly complaints: readonly string[];
  readonly resource: Readonly<Record<string, string>>;
  readonly spanLimits: Limits;
  readonly logLimits: Limits;
  readonly spanEvents: number;
  readonly batch: number;
  readonly delta: boolean;
}

/** Reads the settings. Without an endpoint there are no targets: nothing is sent that nobody asked for. */
export function telemetrySettings(env: Environment): TelemetrySettings {
  const complaints: string[] = [];
  const disabled = text(env, "OTEL_SDK_DISABLED")?.toLowerCase() === "true";
  const targets = disabled ? [] : signals.flatMap((signal) => target(env, signal, complaints) ?? []);
  const attributes = parseKeyValues(text(env, "OTEL_RESOURCE_ATTRIBUTES") ?? "");
  if (attributes === undefined && targets.length > 0)
    complaints.push("OTEL_RESOURCE_ATTRIBUTES is not a list of key=value, so none of it is used");
  const name = text(env, "OTEL_SERVICE_NAME");
  const temporality = text(env, "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE")?.toLowerCase();
  return {
    targets,
    complaints: [...new Set(complaints)],
    resource: { "service.name": "gomodcache", ...attributes, ...(name === undefined ? {} : { "service.name": name }) },
    spanLimits: limits(env, "SPAN"),
    logLimits: limits(env, "LOGRECORD"),
    spanEvents: count(env, "OTEL_SPAN_EVENT_COUNT_LIMIT") ?? 128,
    batch: Math.max(1, count(env, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE") ?? 512),
    delta: temporality === "delta" || temporality === "lowmemory",
  };
}

function target(env: Environment, signal: Signal, complaints: string[]): Target | undefined {
  const own = (name: string): string | undefined => text(env, `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`);
  const general = (name: string): string | undefined => text(env, `OTEL_EXPORTER_OTLP_${name}`);
  const either = (name: string): string | undefined => own(name) ?? general(name);
  const url = own("ENDPOINT") ?? withPath(general("ENDPOINT"), `v1/${signal}`);
  if (url === undefined || !isWanted(env, signal, complaints)) return undefined;
  if (!/^https?:$/.test(protocolOf(url))) {
    complaints.push(`the OTLP endpoint for ${signal} is not an http or https URL, so none are sent`);
    return undefined;
  }
  const protocol = either("PROTOCOL") ?? "http/protobuf";
  if (protocol !== "http/json" && protocol !== "http/protobuf") {
    complaints.push(
      `OTLP over ${protocol} is not supported: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf (port 4318)`,
    );
    return undefined;
  }
  const headers = { ...headersOf("general", general("HEADERS")), ...headersOf(signal, own("HEADERS")) };
  const compression = either("COMPRESSION") ?? "none";
  if (compression !== "gzip" && compression !== "none")
    complaints.push(`OTLP compression ${compression} is not supported, so nothing is compressed: gzip or none`);
  return {
    signal,
    url,
    protocol,
    headers,
    timeout: positive(either("TIMEOUT")) ?? 10_000,
    gzip: compression === "gzip",
    ...optional("ca", either("CERTIFICATE")),
    ...optional("certificate", either("CLIENT_CERTIFICATE")),
    ...optional("key", either("CLIENT_KEY")),
  };

  function headersOf(which: string, value: string | undefined): Record<string, string> {
    const parsed = parseKeyValues(value ?? "");
    if (parsed === undefined)
      complaints.push(`the OTLP headers (${which}) are not a list of key=value, so none are sent`);
    return Object.fromEntries(Object.entries(parsed ?? {}).map(([key, header]) => [key.toLowerCase(), header]));
  }
}

/** OTEL_TRACES_EXPORTER and its like: a list of exporters. */
function isWanted(env: Environment, signal: Signal, complaints: string[]): boolean {
  const name = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  const wanted = (text(env, name) ?? "otlp").split(",").map((exporter) => exporter.trim());
  if (wanted.includes("none")) return false;
  for (const exporter of wanted) {
    if (exporter === "otlp") continue;
    const instead = exporter === "prometheus" ? ", use --prom-file or --prom-port" : ", set it to otlp or none";
    complaints.push(`${name}=${exporter} is not supported${instead}`);
  }
  return wanted.includes("otlp");
}

function limits(env: Environment, kind: "SPAN" | "LOGRECORD"): Limits {
  return {
    valueLength:
      count(env, `OTEL_${kind}_ATTRIBUTE_VALUE_LENGTH_LIMIT`) ?? count(env, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
    attributes: count(env, `OTEL_${kind}_ATTRIBUTE_COUNT_LIMIT`) ?? count(env, "OTEL_ATTRIBUTE_COUNT_LIMIT") ?? 128,
  };
}

/** The specification: an empty variable is as one that is not set. */
function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

function count(env: Environment, name: string): number | undefined {
  const value = text(env, name);
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** Milliseconds, as a timer takes them. */
function positive(value: string | undefined): number | undefined {
  return value !== undefined && Number(value) > 0 ? Math.min(Math.ceil(Number(value)), 2 ** 31 - 1) : undefined;
}

function withPath(url: string | undefined, path: string): string | undefined {
  return url === undefined ? undefined : `${url.replace(/\/+$/, "")}/${path}`;
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : "";
}

function optional<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, string>);
}
