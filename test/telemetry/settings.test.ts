import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseKeyValues } from "../../src/telemetry/key-values.ts";
import { telemetrySettings } from "../../src/telemetry/settings.ts";

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };

const urls = (env: Record<string, string>): string[] => telemetrySettings(env).targets.map(({ url }) => url);

describe("where to", () => {
  test("nowhere, unless a variable says so; an empty one does not", () => {
    expect(urls({ OTEL_SERVICE_NAME: "x" })).toEqual([]);
    expect(urls({ OTEL_EXPORTER_OTLP_ENDPOINT: "" })).toEqual([]);
  });

  test("the general endpoint gets a path for each signal, with and without a slash or a path of its own", () => {
    const paths = ["v1/traces", "v1/metrics", "v1/logs"];
    expect(urls(endpoint)).toEqual(paths.map((path) => `http://collector:4318/${path}`));
    expect(urls({ OTEL_EXPORTER_OTLP_ENDPOINT: "https://x/otlp/" })).toEqual(
      paths.map((path) => `https://x/otlp/${path}`),
    );
  });

  test("an endpoint of one signal is taken as it is, and counts alone or before the general one", () => {
    const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://traces:4318/in" };
    expect(urls(own)).toEqual(["http://traces:4318/in"]);
    expect(urls({ ...endpoint, ...own })[0]).toBe("http://traces:4318/in");
    expect(urls({ ...endpoint, ...own })).toHaveLength(3);
  });

  test("not where no http is", () => {
    const { targets, complaints } = telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4317" });
    expect(targets).toEqual([]);
    expect(complaints[0]).toBe("the OTLP endpoint for traces is not an http or https URL, so none are sent");
  });

  test("not over grpc: one complaint that says what to set", () => {
    const { targets, complaints } = telemetrySettings({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
    expect(targets).toEqual([]);
    expect(complaints).toEqual([
      "OTLP over grpc is not supported: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf (port 4318)",
    ]);
  });

  test("not if the SDK is disabled, or the signal's exporter is none", () => {
    expect(urls({ ...endpoint, OTEL_SDK_DISABLED: "TRUE" })).toEqual([]);
    expect(urls({ ...endpoint, OTEL_METRICS_EXPORTER: "none" })).toHaveLength(2);
  });

  test("another exporter is a complaint that names what there is instead", () => {
    const env = { ...endpoint, OTEL_METRICS_EXPORTER: "prometheus", OTEL_LOGS_EXPORTER: "otlp,console" };
    const { targets, complaints } = telemetrySettings(env);
    expect(targets.map(({ signal }) => signal)).toEqual(["traces", "logs"]);
    expect(complaints).toEqual([
      "OTEL_METRICS_EXPORTER=prometheus is not supported, use --prom-file or --prom-port",
      "OTEL_LOGS_EXPORTER=otlp,console is not supported, set it to otlp or none".replace("otlp,console", "console"),
    ]);
  });
});

describe("how", () => {
  test("headers, time, compression and certificates: the signal's own before the general ones", () => {
    const { targets } = telemetrySettings({
      ...endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Bearer%20a%2Cb,x-team = one",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "x-team=two",
      OTEL_EXPORTER_OTLP_TIMEOUT: "500",
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: "70",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_CERTIFICATE: "/ca.pem",
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "/client.pem",
      OTEL_EXPORTER_OTLP_CLIENT_KEY: "/key.pem",
      OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE: "/logs.pem",
    });
    const [traces, metrics, logs] = targets;
    expect(traces).toEqual({
      signal: "traces",
      url: "http://collector:4318/v1/traces",
      protocol: "http/json",
      headers: { authorization: "Bearer a,b", "x-team": "one" },
      timeout: 500,
      gzip: true,
      ca: "/ca.pem",
      certificate: "/client.pem",
      key: "/key.pem",
    });
    expect(metrics).toMatchObject({ protocol: "http/protobuf", timeout: 70 });
    expect(logs).toMatchObject({ headers: { authorization: "Bearer a,b", "x-team": "two" }, ca: "/logs.pem" });
  });

  test("what is malformed is the default, and headers that are malformed are a complaint", () => {
    const { targets, complaints } = telemetrySettings({
      ...endpoint,
      OTEL_EXPORTER_OTLP_TIMEOUT: "soon",
      OTEL_EXPORTER_OTLP_COMPRESSION: "zstd",
      OTEL_EXPORTER_OTLP_HEADERS: "%",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "0",
      OTEL_RESOURCE_ATTRIBUTES: "no pair",
    });
    expect(targets[0]).toMatchObject({ timeout: 10_000, gzip: false, headers: {} });
    expect(complaints).toEqual([
      "the OTLP headers (general) are not a list of key=value, so none are sent",
      "OTLP compression zstd is not supported, so nothing is compressed: gzip or none",
      "OTEL_RESOURCE_ATTRIBUTES is not a list of key=value, so none of it is used",
    ]);
    expect(telemetrySettings({ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "0" }).batch).toBe(1);
  });

  test("a time that no timer takes is one that a timer takes", () => {
    const timeout = (text: string): number | undefined =>
      telemetrySettings({ ...endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: text }).targets[0]?.timeout;
    expect([timeout("Infinity"), timeout("0.5"), timeout("-1")]).toEqual([2 ** 31 - 1, 1, 10_000]);
  });

  test("the service's name: its own variable, then the resource's attribute, then ours", () => {
    const name = (env: Record<string, string>): string | undefined => telemetrySettings(env).resource["service.name"];
    const attributes = { OTEL_RESOURCE_ATTRIBUTES: "service.name=two,x=y%20z" };
    expect(name({})).toBe("gomodcache");
    expect(name(attributes)).toBe("two");
    expect(name({ ...attributes, OTEL_SERVICE_NAME: "three" })).toBe("three");
    expect(telemetrySettings(attributes).resource["x"]).toBe("y z");
  });

  test("limits: those of spans and log records before the general ones", () => {
    const settings = telemetrySettings({
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "100",
      OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: "10",
      OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "3",
    });
    expect(settings.spanLimits).toEqual({ valueLength: 10, attributes: 128 });
    expect(settings.logLimits).toEqual({ valueLength: 100, attributes: 3 });
  });
});

test("lists of pairs: what is written is read", () => {
  const key = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(fc.dictionary(key, fc.string()), (pairs) => {
      const written = Object.entries(pairs).map((pair) => pair.map(encodeURIComponent).join("="));
      expect(parseKeyValues(written.join(" , "))).toEqual(pairs);
    }),
  );
});
