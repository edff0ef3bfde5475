// What `run` saw of a real go command, in a real collector and where Prometheus finds it.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { AuditEvent } from "../../src/audit/event.ts";
import { Collector, describeWithCollector, plain } from "../telemetry/collector.ts";
import { accepting } from "../telemetry/servers.ts";
import { goEnvironment, makeLab, makeProxy, removeLab, root, runAs, type TestUser, writeTree } from "./lab.ts";
import { command } from "./program.ts";

const bob: TestUser = { uid: 2001, gid: 2001, groups: [], umask: 0o022 };
const path = "example.com/alpha";
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const caller = "00f067aa0ba902b7";

describeWithCollector("telemetry of gomodcache run", () => {
  let lab: string;
  let env: Record<string, string>;
  let collector: Collector;
  beforeAll(async () => {
    collector = await Collector.start();
    lab = makeLab("run-telemetry");
    const proxy = makeProxy(join(lab, "proxy"), [
      { path, version: "v1.0.0", files: { "go.mod": `module ${path}\n`, "a.go": "package alpha\n\nconst A = 1\n" } },
    ]);
    for (const user of ["alice", "bob"]) mkdirSync(join(lab, user));
    chownSync(join(lab, "bob"), bob.uid, bob.gid);
    writeTree(join(lab, "app"), {
      "go.mod": `module app\n\ngo 1.21\n\nrequire ${path} v1.0.0\n`,
      "main.go": `package main\n\nimport "${path}"\n\nfunc main() { println(alpha.A) }\n`,
    });
    chownSync(join(lab, "app"), bob.uid, bob.gid);
    const cache = join(lab, "mod");
    env = {
      ...goEnvironment({ home: join(lab, "bob"), cache, buildCache: join(lab, "bob/go-build"), proxy }),
      GOMODCACHE_EVENTS: join(lab, "bob/events.jsonl"),
      TRACEPARENT: `00-${traceId}-${caller}-01`,
      GITHUB_ACTIONS: "true",
      GITHUB_RUN_ID: "77",
    };
    const fill = { ...env, HOME: join(lab, "alice"), GOCACHE: join(lab, "alice/go-build") };
    const tidy = runAs({ ...root, umask: 0o077 }, ["go", "mod", "tidy"], { cwd: join(lab, "app"), env: fill });
    if (tidy.status !== 0) throw new Error(tidy.stderr);
    for (const name of ["go.mod", "go.sum"]) chmodSync(join(lab, "app", name), 0o644);
  });
  afterAll(async () => {
    await collector.stop();
    removeLab(lab);
  });
  beforeEach(() => void spawnSync("rm", ["-f", join(lab, "bob/events.jsonl"), join(lab, "bob/go.prom")]));

  const run = (words: readonly string[], more: Record<string, string> = {}, user = bob) =>
    runAs(user, [...command, "run", ...words], { cwd: join(lab, "app"), env: { ...env, ...more } });

  it("a cache closed by umask 077 is fs in a trace, a log and a metric", () => {
    const prom = join(lab, "bob/go.prom");
    const ran = run(["--otlp", collector.url, "--prom-file", prom, "--", "go", "build", "-o", "/dev/null", "./..."]);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("fs/");
    const { spans, logs, metrics } = collector.take();
    const command = spans.find(({ name }) => name === "go build");
    expect(command).toMatchObject({ traceId, parentSpanId: caller, status: { code: 2 } });
    expect(plain(command?.attributes)).toMatchObject({
      "go.error.category": "fs",
      "go.modcache.path": join(lab, "mod"),
      "process.exit.code": 1,
    });
    expect(logs.map(({ traceId: trace, spanId }) => [trace, spanId])).toContainEqual([traceId, command?.spanId]);
    expect(metrics.map(({ name }) => name)).toContain("gomodcache.failures");
    const text = readFileSync(prom, "utf8");
    expect(text).toMatch(/^gomodcache_failures_total\{.*category="fs".*\} 1$/m);
    expect(spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  it("each module is a span below the command's, and what is sent is what the event file has", () => {
    const argv = ["--", "go", "build", "-o", "/dev/null", "./..."];
    const ran = run(argv, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, HOME: join(lab, "alice") }, root);
    expect(ran.stderr).toBe("");
    expect(ran.status).toBe(0);
    const { spans } = collector.take();
    const command = spans.find(({ name }) => name === "go build");
    const module = spans.find(({ name }) => name === "ReadModule");
    expect(module).toMatchObject({ traceId, parentSpanId: command?.spanId });
    expect(plain(module?.attributes)).toMatchObject({ "go.module.path": path, "go.module.version": "v1.0.0" });
    const events = readFileSync(join(lab, "bob/events.jsonl"), "utf8").trimEnd().split("\n");
    const ids = events.map((line) => (JSON.parse(line) as AuditEvent).spanId);
    expect([...new Set(ids)].sort()).toEqual(spans.map(({ spanId }) => spanId).sort());
  });

  it("the command is told whether its trace is recorded, and nothing is sent that is not", () => {
    const argv = ["--otlp", collector.url, "--no-relay", "--", "sh", "-c", 'echo "$TRACEPARENT"'];
    expect(run(argv).stdout).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`, "m"));
    expect(collector.take().spans).toHaveLength(1);
    expect(run(argv, { OTEL_TRACES_SAMPLER: "always_off" }).stdout).toMatch(/-00$/m);
    expect(collector.take().spans).toEqual([]);
  });

  it("a collector that is not there, or does not answer, is one warning; the status is the command's, and the events wait", async () => {
    const silent = await accepting(() => undefined);
    try {
      for (const url of ["http://127.0.0.1:9", silent.url]) {
        const ran = run(["--otlp", url, "--", "sh", "-c", "echo out; exit 5"]);
        expect(ran).toMatchObject({ status: 5, stdout: "out\n" });
        expect(ran.stderr.trimEnd().split("\n")).toHaveLength(1);
        expect(ran.stderr).toMatch(/^gomodcache: telemetry /);
      }
    } finally {
      await silent.close();
    }
    const sent = runAs(bob, [...command, "send-events", env["GOMODCACHE_EVENTS"] ?? "", "--otlp", collector.url], {
      cwd: "/",
      env,
    });
    expect(sent.status).toBe(0);
    expect(collector.take().spans).toHaveLength(2);
  });
});
