// What sending telemetry costs at the end of a run: a program that sends the events of a go command, from start to end, to nobody, to a
// real OpenTelemetry Collector, to a port where nobody listens and to a server that never answers.
// Usage: tsx bench/telemetry.ts [RUNS] [MODULES]
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { median, printMedians } from "./medians.ts";

const runs = Number(process.argv[2] ?? 11);
const modules = process.argv[3] ?? "300";
const lab = mkdtempSync(`${tmpdir()}/bench-telemetry-`);
const ports = { collector: 24_318, refused: 24_319, hanging: 24_320 };

await build({
  entryPoints: ["bench/telemetry-child.ts"],
  outdir: lab,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  mainFields: ["module", "main"],
  conditions: ["module"],
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});

const script = fileURLToPath(new URL("../scripts/build-collector.sh", import.meta.url));
const pipeline = { receivers: ["otlp"], exporters: ["file"] };
writeFileSync(
  `${lab}/collector.yaml`,
  JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${ports.collector}` } } } },
    exporters: { file: { path: "/dev/null" } },
    service: {
      telemetry: { metrics: { level: "none" } },
      pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
    },
  }),
);
const program = execFileSync(script, { encoding: "utf8" }).trim();
const hang = `require("node:net").createServer(() => {}).listen(${ports.hanging}, "127.0.0.1")`;
const servers = [
  spawn(program, ["--config", `${lab}/collector.yaml`], { stdio: "ignore" }),
  spawn(process.execPath, ["-e", hang], { stdio: "ignore" }),
];
await setTimeout(2000);

const url = (port: number): string[] => [`OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${port}`];
const contestants = {
  "no endpoint": [],
  "a real collector, protobuf": url(ports.collector),
  "a real collector, json": [...url(ports.collector), "OTEL_EXPORTER_OTLP_PROTOCOL=http/json"],
  "nobody listens": url(ports.refused),
  "never answers": url(ports.hanging),
};
/** Milliseconds of the processor, which other work on the machine lengthens less. */
const processor = new Map<string, number[]>();
try {
  printMedians(contestants, runs, (variables) => {
    const began = performance.now();
    const child = ["env", ...variables, process.execPath, `${lab}/telemetry-child.mjs`, modules];
    const timed = ["-c", 'TIMEFORMAT="%3U %3S"; time "$@"', "bash", ...child];
    const { status, stderr } = spawnSync("bash", timed, { encoding: "utf8" });
    const took = performance.now() - began;
    const [, warning = "", user, system] = /^(.*?)([\d.]+) ([\d.]+)\n$/s.exec(stderr) ?? [];
    const isGood = variables.length === 0 || variables.includes(url(ports.collector)[0] as string);
    if (status !== 0 || (warning === "") !== isGood) throw new Error(`${variables}: ${stderr}`);
    const name = variables.join(" ");
    processor.set(name, [...(processor.get(name) ?? []), 1000 * (Number(user) + Number(system))]);
    return took;
  });
  for (const [name, times] of processor) console.log(`processor ${median(times).toFixed(0)} ms  ${name}`);
} finally {
  for (const server of servers) server.kill("SIGKILL");
  rmSync(lab, { recursive: true });
}
