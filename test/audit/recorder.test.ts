import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditEvent } from "../../src/audit/event.ts";
import { EventFile } from "../../src/audit/event-file.ts";
import { Recorder } from "../../src/audit/recorder.ts";
import type { Cause } from "../../src/causes/cause.ts";

let lab: string;
beforeEach(() => {
  lab = mkdtempSync(join(tmpdir(), "gomodcache-recorder-"));
});
afterEach(() => rmSync(lab, { recursive: true, force: true }));

const secret = "hunter2-hunter2";

test("no credential reaches the event file, nor who else listens", () => {
  const path = join(lab, "events.jsonl");
  const file = EventFile.open(path);
  const told: AuditEvent[] = [];
  const trace = { traceId: "1".repeat(32), flags: "01" };
  const recorder = new Recorder(trace, file, (event) => told.push(event));
  const url = `https://ann:${secret}@nexus.corp/go/example.net/lib/@v/v1.0.1.mod`;
  const causes: Cause[] = [
    {
      category: "net",
      subcategory: "proxy-403",
      disposition: "fix-environment",
      confidence: "certain",
      message: `The server at ${url} forbids the module`,
      evidence: { line: 1, text: `go: example.net/lib@v1.0.1: reading ${url}: 403 Forbidden` },
      paths: [],
      where: "server",
      remedies: [{ text: `Ask ${url} by hand`, command: `curl -sSi ${url}` }],
    },
  ];
  recorder.started({
    argv: ["go", "build", `-ldflags=-X main.token=${secret}`, "--password", secret, "./..."],
    cwd: "/src",
    pid: 7,
    user: { uid: 1, gid: 1 },
    cicd: { "cicd.pipeline.run.url.full": `https://ann:${secret}@ci.corp/1` },
    attempt: 1,
  });
  recorder.accessed({
    module: "example.net/lib",
    what: "mod",
    hit: false,
    source: `https://ann:${secret}@nexus.corp`,
    duration: 1,
    error: { category: "net", message: `Get "https://ann:${secret}@nexus.corp": EOF` },
  });
  recorder.ended({ attempt: 1, exitCode: 1, duration: 1, causes });
  file.close();
  const written = readFileSync(path, "utf8");
  expect(written).not.toContain(secret);
  expect(JSON.stringify(told)).not.toContain(secret);
  const [started, , ended] = written
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(started.argv).toEqual(["go", "build", "-ldflags=-X main.token=REDACTED", "--password", "REDACTED", "./..."]);
  expect(started.cicd).toEqual({ "cicd.pipeline.run.url.full": "https://REDACTED@ci.corp/1" });
  expect(ended.causes[0].evidence.text).toContain("https://REDACTED@nexus.corp/go/example.net/lib/@v/v1.0.1.mod: 403");
});
