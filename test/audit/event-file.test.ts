import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandEnded, CommandStarted } from "../../src/audit/event.ts";
import { EventFile, lineOf, Refusal } from "../../src/audit/event-file.ts";
import { openEvents } from "../../src/audit/events-place.ts";
import { bundleCode } from "../init/bundle.ts";

let lab: string;
let path: string;
beforeEach(() => {
  lab = mkdtempSync(join(tmpdir(), "gomodcache-events-"));
  path = join(lab, "events.jsonl");
});
afterEach(() => rmSync(lab, { recursive: true, force: true }));

const ended = (attempt: number): CommandEnded => ({
  schemaVersion: 1,
  time: "2026-11-24T06:59:28.084Z",
  traceId: "1".repeat(32),
  spanId: "2".repeat(16),
  event: "command-ended",
  attempt,
  exitCode: 0,
  duration: 1,
  causes: [],
});

test("is its owner's alone, and grows by whole lines", () => {
  const file = EventFile.open(path);
  file.write(ended(1));
  file.write(ended(2));
  file.close();
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).toBe(lineOf(ended(1)) + lineOf(ended(2)));
});

test("half a line that a killed job left costs that line only", () => {
  appendFileSync(path, '{"schemaVersion":1,"ti');
  const file = EventFile.open(path);
  file.write(ended(1));
  file.write(ended(2));
  file.close();
  expect(readFileSync(path, "utf8").split("\n").slice(1)).toEqual([
    ...`${lineOf(ended(1))}${lineOf(ended(2))}`.split("\n"),
  ]);
});

test("refuses links, what is no file, and, as root, other users' files", (context) => {
  writeFileSync(join(lab, "target"), "");
  symlinkSync(join(lab, "target"), path);
  expect(() => EventFile.open(path)).toThrow(Refusal);
  expect(() => EventFile.open("/dev/null")).toThrow("not a regular file");
  context.skip(process.geteuid?.() !== 0, "only root can give files away");
  chownSync(join(lab, "target"), 2001, 2001);
  expect(() => EventFile.open(join(lab, "target"))).toThrow("belongs to user 2001");
  writeFileSync(join(lab, "mine"), "");
  linkSync(join(lab, "mine"), join(lab, "other"));
  expect(() => EventFile.open(join(lab, "other"))).toThrow("hard links");
});

test("long arguments and texts are shortened, so that a line stays one write", () => {
  const started: CommandStarted = {
    schemaVersion: 1,
    time: "",
    traceId: "",
    spanId: "",
    event: "command-started",
    argv: Array(5000).fill("x".repeat(500)),
    cwd: "/",
    pid: 1,
    user: { uid: 0, gid: 0 },
    cicd: {},
    attempt: 1,
  };
  const line = lineOf(started);
  expect(Buffer.byteLength(line)).toBeLessThan(16 * 1024);
  expect(JSON.parse(line)).toMatchObject({ event: "command-started", shortened: true });
});

test("is rotated by one of several writers at once, and no line is lost", async () => {
  const program = bundleCode(
    `import { EventFile } from "/src/audit/event-file.ts";
     const [path, job] = process.argv.slice(2);
     const file = EventFile.open(path, 20_000);
     const pad = "x".repeat(200);
     for (let n = 0; n < 100; n += 1) file.write({ event: "command-ended", job, n, pad });
     if (file.problem) throw new Error(file.problem);`,
    join(lab, "writer.mjs"),
  );
  // Three files' worth at most stays; so one writer after the other is slow enough to be in both.
  const seen = new Set<string>();
  const writers = Array.from({ length: 4 }, (_, job) =>
    spawn(process.execPath, [program, path, String(job)], { stdio: "inherit" }),
  );
  const collect = (): void => {
    for (const name of [path, `${path}.1`]) {
      if (existsSync(name)) for (const line of readFileSync(name, "utf8").split("\n").slice(0, -1)) seen.add(line);
    }
  };
  const timer = setInterval(collect, 1);
  for (const [status] of await Promise.all(writers.map((writer) => once(writer, "exit")))) expect(status).toBe(0);
  clearInterval(timer);
  collect();
  for (const line of seen) expect(() => JSON.parse(line)).not.toThrow();
  expect(lstatSync(path).size).toBeLessThan(20_000 + 4 * 300);
  expect(readdirSync(lab).filter((name) => name.includes("rotating"))).toEqual([]);
});

test("the place: what was chosen, else the state directory, never the cache", () => {
  const open = (env: Record<string, string>, more: { chosen?: string | false; modcache?: string } = {}) =>
    openEvents({ env, cwd: lab, ...more });
  const at = (result: ReturnType<typeof open>): string => {
    if ("none" in result) return result.none;
    result.file.close();
    return result.file.path;
  };
  expect(at(open({}, { chosen: "a.jsonl" }))).toBe(join(lab, "a.jsonl"));
  expect(at(open({ GOMODCACHE_EVENTS: join(lab, "b.jsonl") }))).toBe(join(lab, "b.jsonl"));
  expect(at(open({ GOMODCACHE_EVENTS: join(lab, "b.jsonl") }, { chosen: false }))).toBe("--no-events");
  expect(() => open({}, { chosen: "x", modcache: lab })).toThrow("module cache");
  expect(() => open({}, { chosen: "missing/x" })).toThrow("ENOENT");
});
