// The built program sends the events of a file.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeLab, removeLab } from "../e2e/lab.ts";
import { before, executable } from "../e2e/program.ts";
import { Collector, describeWithCollector, freePort } from "./collector.ts";
import { failure, success, traceId } from "./sample-events.ts";

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(argv: readonly string[], env: Record<string, string> = {}, input = ""): Promise<Ran> {
  const { PATH = "" } = process.env;
  const child = spawn(executable, [...before, "send-events", ...argv], { env: { PATH, ...env } });
  child.stdin.end(input);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, stdout, stderr })));
}

const lines = (events: readonly object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join("");

describeWithCollector("send-events", () => {
  let collector: Collector;
  let lab: string;
  let file: string;
  beforeAll(async () => {
    collector = await Collector.start();
    lab = makeLab("send-events");
    file = `${lab}/events.jsonl`;
    const later = success(1).map((event) => ({ ...event, time: "2026-11-24T09:00:00.000Z" }));
    writeFileSync(file, `${lines(failure)}{"schemaVersion":1,"event":"comm\n\n${lines(later)}`);
  });
  afterAll(async () => {
    await collector.stop();
    removeLab(lab);
  });

  test("sends what is in a file, and says what is no event", async () => {
    expect(await run([file, "--otlp", collector.url])).toEqual({
      status: 0,
      stdout: "Sent 8 events of 2 commands\n",
      stderr: "gomodcache: 1 line of the file is no event\n",
    });
    const { spans, logs } = collector.take();
    expect(spans).toHaveLength(6);
    expect(spans[0]?.traceId).toBe(traceId);
    expect(logs).toHaveLength(1);
  });

  test("sends only what began later, from standard input", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const { status, stdout } = await run(["-", "--since", "2026-11-24T08:00:00Z"], env, lines([...failure]));
    expect([status, stdout]).toEqual([0, "Sent 0 events of 0 commands\n"]);
    const both = lines([...failure, ...success(1).map((event) => ({ ...event, time: "2026-11-24T09:00:00.000Z" }))]);
    expect((await run(["-", "--since", "2026-11-24T08:00:00Z"], env, both)).stdout).toBe(
      "Sent 3 events of 1 command\n",
    );
    expect(collector.take().spans).toHaveLength(2);
  });

  test("exits with 1 if it did not arrive", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { status, stdout, stderr } = await run([file, "--otlp", url]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`did not reach ${url}: ECONNREFUSED\n`);
  });

  test("exits with 2 without a receiver, without a file, and over grpc", async () => {
    const none = await run([file]);
    expect(none.status).toBe(2);
    expect(none.stderr).toContain("give --otlp");
    const missing = await run([`${lab}/none`, "--otlp", collector.url]);
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain("cannot be read (ENOENT)");
    const grpc = await run([file, "--otlp", collector.url], { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
    expect(grpc.status).toBe(2);
    expect(grpc.stderr).toContain("OTLP over grpc is not supported");
  });

  test("takes any bytes", async () => {
    const odd = [
      "\u0000\u0001",
      "null\n[]\n1\n",
      `{"schemaVersion":1,"event":"command-ended","time":"x"}\n`,
      lines(failure.map(({ traceId: _, ...event }) => event)),
      "x".repeat(3_000_000),
    ].join("");
    const { status, stdout, stderr } = await run(["-", "--otlp", collector.url], {}, odd);
    expect([status, stdout]).toEqual([0, "Sent 0 events of 0 commands\n"]);
    expect(stderr).toMatch(/^gomodcache: \d+ lines of the file are no events\n$/);
  });
});
