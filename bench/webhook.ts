// The webhook under a load generator, beside a bare node:https server that only parses a review and allows it. Each server has core 0 for
// itself, the generator core 1. autocannon asks as fast as it is answered; vegeta (built with go) asks at a steady rate, whatever the
// answers: autocannon spends a rate in one burst a second. Usage: npm run build && tsx bench/webhook.ts [SECONDS]
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { container, faulty, pod, review } from "../test/cluster/reviews.ts";
import { WebhookLab } from "../test/cluster/webhook-lab.ts";

const seconds = Number(process.argv[2] ?? 10);
const connections = 10;
/** The rate that the webhook must bear, in reviews a second. */
const rate = 500;

const bare = `
const { createServer } = require("node:https");
const { readFileSync } = require("node:fs");
const [cert, key] = process.argv.slice(1).map((file) => readFileSync(file));
const server = createServer({ cert, key }, (request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const { request: { uid } } = JSON.parse(Buffer.concat(chunks).toString());
    const text = JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: { uid, allowed: true } });
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
}).listen(0, "127.0.0.1", () => console.log(server.address().port));`;

interface Result {
  readonly requests: { readonly average: number; readonly total: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly errors: number;
  readonly non2xx: number;
}

function fire(port: number, path: string, body: string, more: readonly string[]): Result {
  const options = ["-j", "-c", String(connections), "-d", String(seconds), "-m", "POST", "-i", body];
  const words = ["-c", "1", "node_modules/.bin/autocannon", ...options, "-H", "content-type=application/json", ...more];
  const { stdout, stderr } = spawnSync("taskset", [...words, `https://127.0.0.1:${port}${path}`], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const tools = mkdtempSync(join(tmpdir(), "gomodcache-bench-webhook-"));
execFileSync("go", ["install", "github.com/tsenart/vegeta/v12@v12.12.0"], { env: { ...process.env, GOBIN: tools } });

/** Asks at the rate, evenly. Latencies in ms. */
function steadily(port: number, path: string, body: string): { p50: number; p99: number; failed: number } {
  const target = `POST https://127.0.0.1:${port}${path}\nContent-Type: application/json\n@${body}\n`;
  const how = `-rate=${rate} -duration=${seconds}s -connections=${connections} -insecure`;
  const script = `taskset -c 1 ${tools}/vegeta attack ${how} | ${tools}/vegeta report -type=json`;
  const text = execFileSync("sh", ["-c", script], { input: target, encoding: "utf8" });
  const { latencies, success, requests } = JSON.parse(text);
  const ms = (nanoseconds: number): number => Number((nanoseconds / 1e6).toFixed(1));
  return { p50: ms(latencies["50th"]), p99: ms(latencies["99th"]), failed: Math.round(requests * (1 - success)) };
}

/** Of all threads of a process: seconds of processor time (proc_pid_stat(5), fields 14 and 15, in ticks of 10 ms). */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function measure(name: string, { pid = 0 }: ChildProcess, port: number, path: string, body: string): number {
  // The first requests are compiled.
  fire(port, path, body, ["-a", "2000"]);
  const before = processorTime(pid);
  const most = fire(port, path, body, []);
  const cost = (processorTime(pid) - before) / most.requests.total;
  const steady = steadily(port, path, body);
  const bad = most.errors + most.non2xx + steady.failed;
  console.log(
    `${name.padEnd(34)} ${most.requests.average.toFixed(0).padStart(6)}/s  ${(cost * 1e6).toFixed(0).padStart(5)} µs of processor each` +
      `  p50 ${most.latency.p50} p99 ${most.latency.p99} ms;  at ${rate}/s p50 ${steady.p50} p99 ${steady.p99} ms;  ${bad} failed`,
  );
  return cost;
}

const lab = await WebhookLab.start();
const tls = ["tls.crt", "tls.key"].map((name) => join(lab.directory, "tls", name));
const peer = spawn(process.execPath, ["-e", bare, ...tls], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const peerPort = await new Promise<number>((resolve) => peer.stdout?.once("data", (text) => resolve(Number(text))));
  for (const { pid } of [lab.child, peer]) execFileSync("taskset", ["-acp", "0", String(pid)], { stdio: "ignore" });
  const asking = { "gomodcache.dev/inject": "true", "gomodcache.dev/uid": "1001", "gomodcache.dev/variant": "group" };
  const script =
    'set -eu\ncd /src\nexport CGO_ENABLED=0\nif [ -n "$RACE" ]; then go test -race ./...; else go test ./...; fi\ngo build -o /out/ ./cmd/...\n';
  const bodies = {
    mutate: pod({ containers: [container({ command: ["sh", "-c", script] })] }, asking),
    validate: pod(faulty),
  };
  console.log(
    `load average ${loadavg()
      .map((one) => one.toFixed(1))
      .join(" ")}; ${connections} connections, ${seconds} s each`,
  );
  for (const [webhook, object] of Object.entries(bodies)) {
    const body = join(lab.directory, `${webhook}.json`);
    const text = JSON.stringify(review({ object }));
    writeFileSync(body, text);
    const parsed = measure(`bare node:https, ${text.length} bytes`, peer, peerPort, "/", body);
    const own = measure(`gomodcache webhook /${webhook}`, lab.child, lab.port, `/${webhook}`, body);
    console.log(
      `ratio of processor time ${(own / parsed).toFixed(2)}; reviews a second on one core: ${(1 / own).toFixed(0)}`,
    );
  }
} finally {
  peer.kill();
  await lab.stop();
  rmSync(tools, { recursive: true });
}
