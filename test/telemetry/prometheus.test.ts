// Metrics in a real Prometheus, by way of a real node_exporter and by a scrape of our own port.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AuditEvent } from "../../src/audit/event.ts";
import { writePrometheusFile } from "../../src/telemetry/prometheus-file.ts";
import { type PrometheusServer, servePrometheus } from "../../src/telemetry/prometheus-port.ts";
import { parseSamples, prometheusText } from "../../src/telemetry/prometheus-text.ts";
import { makeLab, removeLab } from "../e2e/lab.ts";
import { buildChild } from "./child.ts";
import { freePort } from "./collector.ts";
import { failure, miss, success } from "./sample-events.ts";

const absent = ["prometheus", "promtool", "prometheus-node-exporter"].filter(
  (program) => spawnSync(program, ["--version"]).error !== undefined,
);
const withPrometheus = absent.length === 0;
const reason = withPrometheus ? "" : ` (skipped: ${absent.join(", ")} not installed)`;

let lab: string;
beforeEach(() => {
  lab = makeLab("prometheus");
});
afterEach(() => removeLab(lab));

async function write(file: string, events: readonly AuditEvent[], patience?: number): Promise<string[]> {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  await writePrometheusFile(file, events, patience === undefined ? { warn } : { warn, patience });
  return warnings;
}

function promtoolCheck(text: string): string {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  return status === 0 ? `${stdout}${stderr}`.trim() : `status ${status}: ${stdout}${stderr}`;
}

describe.skipIf(!withPrometheus)(`promtool check metrics${reason}`, () => {
  test("is content with a failure, a success, and with foreign text in labels", () => {
    const odd: AuditEvent = { ...miss, source: 'https://x"\\\n{},=é' };
    expect(promtoolCheck(prometheusText([...failure, ...success(1), odd]))).toBe("");
  });

  test("is content with nothing", () => {
    expect(promtoolCheck(prometheusText([]))).toBe("");
  });

  test("is content with the file, which is a sum", async () => {
    const file = `${lab}/gomodcache.prom`;
    for (const events of [failure, failure, success(1)]) expect(await write(file, events)).toEqual([]);
    const text = readFileSync(file, "utf8");
    expect(promtoolCheck(text)).toBe("");
    expect(text).toContain('gomodcache_command_duration_seconds_sum{go_command="go build",error_type="fs"} 7\n');
    expect(text).toContain('le="2.5"} 0\n');
    expect(text).toMatch(/gomodcache_failures_total\{.*\} 2\n/);
  });
});

test("no series names a module, a version or a path", () => {
  const text = prometheusText([...failure, ...success(1)]);
  expect(text).toMatch(/gomodcache_module_accesses_total\{.*\} 1\n/);
  expect(text).not.toMatch(/example\.com|v1\.|\/srv/);
});

test("a file that was written can be read again, whatever is in its labels", () => {
  const odd: AuditEvent = { ...miss, source: 'https://x"\\\n{},= é' };
  const text = prometheusText([...failure, odd]);
  expect([...(parseSamples(text) ?? [])]).toHaveLength(text.split("\n").filter((line) => /^[^#]/.test(line)).length);
});

describe.skipIf(!withPrometheus)(`the rules of packaging/prometheus${reason}`, () => {
  const rules = fileURLToPath(new URL("../../packaging/prometheus/", import.meta.url));

  test("are such as Prometheus takes, and say what they should", () => {
    const promtool = (...args: string[]) => spawnSync("promtool", args, { cwd: rules, encoding: "utf8" });
    const check = promtool("check", "rules", "gomodcache.rules.yml");
    expect([check.status, check.stderr]).toEqual([0, ""]);
    const tested = promtool("test", "rules", "gomodcache.rules.test.yml");
    expect(tested.stdout + tested.stderr).toContain("SUCCESS");
    expect(tested.status).toBe(0);
  });

  test("name no series that we do not make", () => {
    const made = prometheusText([...failure, ...success(1)]);
    const text = readFileSync(`${rules}/gomodcache.rules.yml`, "utf8");
    const named = [...text.matchAll(/\bgomodcache_\w+/g)].map(([series]) => series);
    expect(named.length).toBeGreaterThan(8);
    for (const series of named) expect(made).toContain(`\n${series}{`);
  });
});

describe("the file", () => {
  test("is readable for everybody, whatever the umask, and nothing else is left", async () => {
    const umask = process.umask(0o077);
    try {
      expect(await write(`${lab}/a.prom`, failure)).toEqual([]);
    } finally {
      process.umask(umask);
    }
    expect(statSync(`${lab}/a.prom`).mode & 0o777).toBe(0o644);
    expect(readdirSync(lab)).toEqual(["a.prom"]);
  });

  test("counts every run of many at the same time", async () => {
    const program = buildChild(new URL("./prometheus-child.ts", import.meta.url), lab);
    const file = `${lab}/jobs.prom`;
    const ended = Array.from({ length: 8 }, () => {
      const child = spawn(process.execPath, [program, file, "25"], { stdio: "inherit" });
      return new Promise((resolve) => child.once("exit", resolve));
    });
    expect(await Promise.all(ended)).toEqual(new Array(8).fill(0));
    expect(readFileSync(file, "utf8")).toMatch(/gomodcache_failures_total\{.*\} 200\n/);
  });

  test("is taken over from a job that died, not from one that lives", async () => {
    const file = `${lab}/a.prom`;
    writeFileSync(`${file}.lock`, "");
    expect(await write(file, failure, 50)).toEqual([`${file} was not written: ${file}.lock was not free in 50 ms`]);
    expect(existsSync(file)).toBe(false);
    utimesSync(`${file}.lock`, 1, 1);
    expect(await write(file, failure)).toEqual([]);
    expect(readdirSync(lab)).toEqual(["a.prom"]);
  });

  test("of somebody else stays as it is", async () => {
    const foreign = "# HELP x y\n# TYPE x counter\nx 1\n";
    writeFileSync(`${lab}/a.prom`, foreign);
    expect(await write(`${lab}/a.prom`, failure)).toEqual([
      `${lab}/a.prom was not written: what is there was not written by this version of gomodcache; delete it`,
    ]);
    expect(readFileSync(`${lab}/a.prom`, "utf8")).toBe(foreign);
    symlinkSync("a.prom", `${lab}/link.prom`);
    expect(await write(`${lab}/link.prom`, failure)).toEqual([
      `${lab}/link.prom was not written: it is a symbolic link`,
    ]);
    execFileSync("mkfifo", [`${lab}/fifo.prom`]);
    expect(await write(`${lab}/fifo.prom`, failure)).toEqual([
      `${lab}/fifo.prom was not written: it is not a regular file`,
    ]);
  });

  test("that is damaged is not written over", async () => {
    const file = `${lab}/a.prom`;
    await write(file, failure);
    writeFileSync(file, readFileSync(file, "utf8").slice(0, -5));
    expect(await write(file, failure)).toHaveLength(1);
    writeFileSync(file, "");
    expect(await write(file, failure)).toEqual([]);
  });

  test("in a directory that is not there is a warning", async () => {
    expect(await write(`${lab}/no\u001b[31m/a.prom`, failure)).toEqual([
      `${lab}/no\\x1b[31m/a.prom was not written: ENOENT`,
    ]);
  });
});

describe.skipIf(!withPrometheus)(`a real Prometheus${reason}`, () => {
  const children: ChildProcess[] = [];
  let directory: string;
  let metrics: PrometheusServer;
  let prometheus: string;
  const observed: AuditEvent[] = [];

  function start(program: string, args: readonly string[]): void {
    children.push(spawn(program, args, { stdio: "ignore" }));
  }

  beforeAll(async () => {
    directory = makeLab("prometheus-server");
    mkdirSync(`${directory}/textfile`);
    metrics = await servePrometheus(0, () => observed);
    const [exporter, server] = [await freePort(), await freePort()];
    const listen = `--web.listen-address=127.0.0.1:${exporter}`;
    const textfile = ["--collector.textfile", `--collector.textfile.directory=${directory}/textfile`];
    start("prometheus-node-exporter", ["--collector.disable-defaults", ...textfile, listen]);
    // JSON is YAML.
    const job = (job_name: string, port: number): object => ({
      job_name,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    });
    const config = {
      global: { scrape_interval: "300ms", scrape_timeout: "300ms" },
      scrape_configs: [job("port", metrics.port), job("node", exporter)],
    };
    writeFileSync(`${directory}/prometheus.yml`, JSON.stringify(config));
    prometheus = `http://127.0.0.1:${server}`;
    const storage = `--storage.tsdb.path=${directory}/data`;
    start("prometheus", [
      `--config.file=${directory}/prometheus.yml`,
      storage,
      `--web.listen-address=127.0.0.1:${server}`,
    ]);
  });

  afterAll(async () => {
    metrics.close();
    for (const child of children) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }
    removeLab(directory);
  });

  /** Asks until there is an answer: a scrape is still to come. */
  async function query(promql: string): Promise<{ metric: Record<string, string>; value: string }[]> {
    for (;;) {
      try {
        const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(promql)}`);
        const { data } = (await response.json()) as {
          data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
        };
        if (data !== undefined && data.result.length > 0)
          return data.result.map(({ metric, value }) => ({ metric, value: value[1] }));
      } catch {
        // It is not up yet.
      }
      await setTimeout(200);
    }
  }

  test("scrapes the port", async () => {
    observed.push(...failure);
    const [failures] = await query('gomodcache_failures_total{job="port"}');
    expect(failures?.value).toBe("1");
    expect(failures?.metric).toMatchObject({
      go_error_category: "fs",
      go_error_subcategory: "modcache-not-owned-by-uid",
      go_error_disposition: "fix-environment",
    });
    const [sum] = await query('gomodcache_module_fetch_size_bytes_sum{job="port"}');
    expect(sum?.value).toBe("52000");
  });

  test("scrapes the file that node_exporter reads", async () => {
    const file = `${directory}/textfile/gomodcache.prom`;
    expect(await write(file, failure)).toEqual([]);
    expect(await write(file, success(1))).toEqual([]);
    const hits = await query('sum by (go_module_hit) (gomodcache_module_accesses_total{job="node"})');
    expect(Object.fromEntries(hits.map(({ metric, value }) => [metric["go_module_hit"], value]))).toEqual({
      true: "2",
      false: "2",
    });
    const [error] = await query('node_textfile_scrape_error{job="node"}');
    expect(error?.value).toBe("0");
    const [p95] = await query(
      'histogram_quantile(0.95, sum by (le) (gomodcache_module_fetch_duration_seconds_bucket{job="node"}))',
    );
    expect(Number(p95?.value)).toBeCloseTo(0.235, 2);
  });

  test("answers every query of the dashboard, and most with data", async () => {
    const text = readFileSync(new URL("../../packaging/grafana/gomodcache.json", import.meta.url), "utf8");
    const { panels } = JSON.parse(text) as { panels: { targets: { expr: string }[] }[] };
    const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(7);
    for (const expr of queries) {
      const promql = expr.replace(/\$__(?:rate_interval|range)/g, "5m").replace("$instance", ".*");
      const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(promql)}`);
      expect([promql, await response.json()]).toMatchObject([promql, { status: "success" }]);
      // The series that it asks for are ones that we make.
      for (const [series] of expr.matchAll(/gomodcache_\w+/g)) expect(await query(series)).not.toEqual([]);
    }
  });

  test("gets nothing else from the port", async () => {
    const url = `http://127.0.0.1:${metrics.port}`;
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: "POST" })).status).toBe(405);
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  test("a port that is taken is an error for who asked", async () => {
    await expect(servePrometheus(metrics.port, () => [])).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
