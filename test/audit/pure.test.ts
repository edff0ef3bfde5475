import { describe, expect, test } from "vitest";
import { listenTo } from "../../src/audit/attempt.ts";
import { cicdAttributes } from "../../src/audit/cicd.ts";
import { PrintedReader } from "../../src/audit/printed.ts";
import { backoff, isCuredByTime } from "../../src/audit/retry.ts";
import { formatTraceparent, newSpanId, parseTraceparent, sampledFlags } from "../../src/audit/trace-context.ts";
import { parseGoCommand } from "../../src/gocache/go-command.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const span = "00f067aa0ba902b7";

describe("TRACEPARENT", () => {
  test.each([
    [`00-${trace}-${span}-01`, "01"],
    [`00-${trace}-${span}-00`, "00"],
    [`01-${trace}-${span}-03-more`, "03"],
  ])("%s is taken up", (text, flags) => {
    expect(parseTraceparent(text)).toEqual({ traceId: trace, parentSpanId: span, flags });
  });
  test.each([
    "",
    "00",
    `00-${trace}-${span}`,
    `00-${trace}-${span}-01-more`,
    `ff-${trace}-${span}-01`,
    `00-${"0".repeat(32)}-${span}-01`,
    `00-${trace}-${"0".repeat(16)}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
  ])("%s is malformed", (text) => expect(parseTraceparent(text)).toBeUndefined());
  test("what is recorded shows in the lowest flag, and the others stay", () => {
    expect([sampledFlags("01", false), sampledFlags("00", true), sampledFlags("03", false)]).toEqual([
      "00",
      "01",
      "02",
    ]);
  });
  test("what is passed on is one", () => {
    expect(formatTraceparent({ traceId: trace, flags: "01" }, span)).toBe(`00-${trace}-${span}-01`);
    const draws = [Buffer.alloc(8), Buffer.from(span, "hex")];
    expect(newSpanId(() => draws.shift() as Buffer)).toBe(span);
  });
});

test("a terminal stays with programs that could miss it; all else is listened to", () => {
  const [terminal, pipe] = [
    { stdout: true, stderr: true },
    { stdout: false, stderr: false },
  ];
  const go = (...words: string[]) => parseGoCommand(["go", ...words]);
  expect(listenTo(go("build"), terminal)).toEqual({ stdout: false, stderr: true });
  expect(listenTo(go("test"), terminal)).toEqual({ stdout: false, stderr: false });
  expect(listenTo(undefined, terminal)).toEqual({ stdout: false, stderr: false });
  expect(listenTo(go("test"), pipe)).toEqual({ stdout: true, stderr: true });
  expect(listenTo(go("mod", "download", "-json"), pipe)).toEqual({ stdout: true, stderr: true });
  expect(listenTo(go("list", "-json"), pipe)).toEqual({ stdout: false, stderr: true });
  expect(listenTo(undefined, pipe)).toEqual({ stdout: false, stderr: true });
});

test("what go prints about fetches, in whatever pieces", () => {
  const text = `go: downloading example.com/Alpha v1.0.0
# get https://proxy.example.org/mirror/example.com/%21alpha/@v/v1.0.0.zip: 200 OK (0.016s)
# get https://proxy.example.org/sumdb/sum.example.org/supported: 404 Not Found (1.5s)
# get nonsense
main.go:3:1: go: downloading x
${"x".repeat(20_000)}
go: downloading example.com/b v2.0.0
`;
  for (const size of [1, 7, 100_000]) {
    const reader = new PrintedReader();
    for (let at = 0; at < text.length; at += size) reader.push(Buffer.from(text.slice(at, at + size)));
    expect(reader.downloads.map(({ module, version }) => `${module}@${version}`)).toEqual([
      "example.com/Alpha@v1.0.0",
      "example.com/b@v2.0.0",
    ]);
    expect(reader.requests).toEqual([
      {
        module: "example.com/Alpha",
        version: "v1.0.0",
        what: "zip",
        source: "https://proxy.example.org",
        status: 200,
        duration: 16,
      },
      { module: "sum.example.org", what: "sumdb", source: "https://proxy.example.org", status: 404, duration: 1500 },
    ]);
  }
});

test("retries wait longer each time, and jobs part", () => {
  expect([1, 2, 3, 10].map((attempts) => backoff(attempts, 0))).toEqual([500, 1000, 2000, 30_000]);
  expect([1, 2, 3, 10].map((attempts) => backoff(attempts, 0.999_999))).toEqual([1000, 2000, 4000, 60_000]);
});

test("only what time cures is tried again", () => {
  const of = (...dispositions: string[]) =>
    isCuredByTime({ causes: dispositions.map((disposition) => ({ disposition })) as never });
  expect([of(), of("retry"), of("retry", "retry"), of("retry", "fix-environment"), of("fix-repository")]).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});

test("CI services tell of their jobs, without credentials", () => {
  expect(cicdAttributes({ HOME: "/root" })).toEqual({});
  expect(
    cicdAttributes({
      GITLAB_CI: "true",
      CI_PIPELINE_ID: "77",
      CI_JOB_NAME: "test",
      CI_PROJECT_URL: "https://token:secret@git.example.org/a/b",
    }),
  ).toEqual({
    "cicd.pipeline.run.id": "77",
    "cicd.pipeline.task.name": "test",
    "vcs.repository.url.full": "https://git.example.org/a/b",
  });
  expect(
    cicdAttributes({
      GITHUB_ACTIONS: "true",
      GITHUB_SERVER_URL: "https://git.example.org",
      GITHUB_REPOSITORY: "a/b",
      GITHUB_RUN_ID: "5",
    }),
  ).toMatchObject({ "cicd.pipeline.run.url.full": "https://git.example.org/a/b/actions/runs/5" });
});
