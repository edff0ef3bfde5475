// What `run` may not change of a command: signals, endings, streams; and what it must not leave behind.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { before, executable } from "../e2e/program.ts";

let lab: string;
beforeEach(() => {
  lab = mkdtempSync(join(tmpdir(), "gomodcache-child-"));
  mkdirSync(join(lab, "home"));
});
afterEach(() => rmSync(lab, { recursive: true, force: true }));

const env = (): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: join(lab, "home"),
  GOMODCACHE_EVENTS: join(lab, "events.jsonl"),
  GOPROXY: "off",
});
const argv = (words: readonly string[]): string[] => [...before, "run", "--", ...words];
const run = (command: readonly string[], input = "") =>
  spawnSync(executable, argv(command), { env: env(), input, encoding: "utf8", cwd: lab });
const start = (command: readonly string[]): ChildProcess =>
  spawn(executable, argv(command), { env: env(), cwd: lab, stdio: ["ignore", "pipe", "pipe"] });
const ended = (child: ChildProcess) =>
  new Promise<{ status: number | null; signal: string | null }>((resolve) =>
    child.once("close", (status, signal) => resolve({ status, signal })),
  );
const until = async (condition: () => boolean, what: string, seconds = 20): Promise<void> => {
  for (const end = Date.now() + seconds * 1000; !condition(); await sleep(20))
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
};
const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};
const pidIn = async (file: string): Promise<number> => {
  await until(() => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"), file);
  return Number(readFileSync(file, "utf8"));
};
const lines = (): string[] => readFileSync(join(lab, "events.jsonl"), "utf8").split("\n");

describe("the ending is the command's", () => {
  test("its exit status", () => {
    for (const status of [0, 1, 2, 37, 255]) expect(run(["sh", "-c", `exit ${status}`]).status).toBe(status);
  });

  test("the signal that ended it, which its event tells", () => {
    for (const signal of ["TERM", "KILL", "INT", "HUP", "SEGV"]) {
      const result = run(["sh", "-c", `ulimit -c 0; kill -${signal} $$`]);
      expect(result.signal).toBe(`SIG${signal}`);
      expect(JSON.parse(lines().at(-2) as string)).toMatchObject({ event: "command-ended", signal: `SIG${signal}` });
    }
  });

  test("127 for what is not there, 126 for what cannot be executed, and why", () => {
    expect(run(["no-such-command"])).toMatchObject({
      status: 127,
      stderr: expect.stringContaining("command not found"),
    });
    writeFileSync(join(lab, "plain"), "");
    expect(run([join(lab, "plain")])).toMatchObject({
      status: 126,
      stderr: expect.stringContaining("may not be executed"),
    });
    writeFileSync(join(lab, "script"), "#!/no/such/interpreter\n", { mode: 0o755 });
    expect(run([join(lab, "script")])).toMatchObject({ status: 127, stderr: expect.stringContaining("interpreter") });
    expect(spawnSync(executable, [...before, "run"], { env: env(), encoding: "utf8" }).status).toBe(2);
  });
});

describe("the streams are the command's", () => {
  test("every byte, in order, where both are one pipe", () => {
    const script = "for i in $(seq 300); do echo out $i; echo err $i >&2; done";
    const both = spawnSync("sh", ["-c", `"$@" 2>&1 | cat`, "sh", executable, ...argv(["sh", "-c", script])], {
      env: env(),
      encoding: "utf8",
    });
    const plain = spawnSync("sh", ["-c", `(${script}) 2>&1 | cat`], { encoding: "utf8" });
    // Only standard error passes through us here: each stream is in order by itself.
    const of = (text: string, word: string): string[] => text.split("\n").filter((line) => line.startsWith(word));
    for (const word of ["out", "err"]) expect(of(both.stdout, word)).toEqual(of(plain.stdout, word));
  });

  test("megabytes that are no text, with a reader that is slow", async () => {
    const file = join(lab, "bytes");
    writeFileSync(file, Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) % 256)));
    const child = start(["sh", "-c", `cat ${file} >&2`]);
    const chunks: Buffer[] = [];
    child.stderr?.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      child.stderr?.pause();
      setTimeout(() => child.stderr?.resume(), 2);
    });
    expect(await ended(child)).toEqual({ status: 0, signal: null });
    expect(Buffer.concat(chunks).equals(readFileSync(file))).toBe(true);
  });

  test("a script may open /dev/stderr by its name", () => {
    expect(run(["sh", "-c", "echo named > /dev/stderr"])).toMatchObject({ status: 0, stderr: "named\n" });
  });

  test("a reader that went away ends the command as it would without us", () => {
    const command = ["sh", "-c", "while echo line >&2; do :; done; exit 3"];
    const { stdout, status } = spawnSync(
      "sh",
      ["-c", '{ "$@" 2>&1 >&3 | head -n 1; } 3>&2', "sh", executable, ...argv(command)],
      { env: env(), encoding: "utf8", timeout: 60_000 },
    );
    expect({ stdout, status }).toEqual({ stdout: "line\n", status: 0 });
  });

  test("a daemon that keeps them does not keep us, and what it writes later arrives", async () => {
    const child = start(["sh", "-c", "(sleep 1; echo later >&2; sleep 1) > /dev/null & echo now >&2"]);
    let text = "";
    child.stderr?.on("data", (chunk) => {
      text += chunk;
    });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    const began = Date.now();
    expect(await exited).toBe(0);
    // Not for as long as the daemon lives, which a hundred seconds of patience would not tell apart on a busy machine.
    expect(text).toBe("now\n");
    await until(() => text === "now\nlater\n", "what the daemon writes");
    expect(Date.now()).toBeGreaterThan(began);
  });
});

describe("signals", () => {
  test("those that reach us reach the command, once each", async () => {
    const names = ["HUP", "INT", "QUIT", "USR1", "USR2", "WINCH", "CONT"];
    const traps = names.map((name) => `trap 'echo ${name}' ${name}`).join("; ");
    const child = start([
      "sh",
      "-c",
      `${traps}; trap 'echo TERM; exit 9' TERM; echo ready; while :; do sleep 0.05; done`,
    ]);
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
    });
    await until(() => text === "ready\n", "the command's start");
    let expected = "ready\n";
    for (const name of [...names, "TERM"]) {
      child.kill(`SIG${name}` as NodeJS.Signals);
      expected += `${name}\n`;
      await until(() => text === expected, name);
    }
    expect(await ended(child)).toEqual({ status: 9, signal: null });
  });

  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s ends a command that does not catch it, and us by the same",
    async (signal) => {
      const child = start(["sh", "-c", `echo $$ > ${lab}/pid; exec sleep 60`]);
      const pid = await pidIn(join(lab, "pid"));
      child.kill(signal);
      expect(await ended(child)).toEqual({ status: null, signal });
      expect(isAlive(pid)).toBe(false);
      expect(JSON.parse(lines().at(-2) as string)).toMatchObject({ event: "command-ended", signal, causes: [] });
    },
  );

  test("killed by SIGKILL, we leave neither the command nor what it started", async () => {
    const child = start(["sh", "-c", `sh -c 'echo $$ > ${lab}/inner; sleep 60; :' & echo $$ > ${lab}/pid; wait`]);
    const [outer, inner] = [await pidIn(join(lab, "pid")), await pidIn(join(lab, "inner"))];
    child.kill("SIGKILL");
    await until(() => !isAlive(outer) && !isAlive(inner), "the end of both");
  });

  test("at whatever moment that is", async () => {
    for (let moment = 0; moment < 24; moment += 1) {
      const mark = join(lab, `pid${moment}`);
      const child = start(["sh", "-c", `echo $$ > ${mark}; exec sleep 60`]);
      // The last moments are after the start of the command, as soon as it is seen.
      if (moment < 12) await sleep(40 + 15 * moment);
      else await pidIn(mark);
      child.kill("SIGKILL");
      await ended(child);
      await sleep(50);
      if (existsSync(mark)) await until(() => !isAlive(Number(readFileSync(mark, "utf8"))), `the end of ${mark}`);
    }
    const left = spawnSync("sh", ["-c", `grep -laF ${lab} /proc/[0-9]*/environ 2>/dev/null`], { encoding: "utf8" });
    expect(left.stdout).toBe("");
  });

  test("also one that does not listen to SIGTERM", async () => {
    const child = start(["sh", "-c", `trap '' TERM; echo $$ > ${lab}/pid; while :; do sleep 0.1; done`]);
    const pid = await pidIn(join(lab, "pid"));
    child.kill("SIGKILL");
    await until(() => !isAlive(pid), "its end");
  });
});

describe("the event file", () => {
  test("eight jobs at once, some of them killed, leave no half line", async () => {
    const jobs = Array.from({ length: 24 }, (_, job) => start(["sh", "-c", `sleep 0.${job % 10}`]));
    const endings = jobs.map(ended);
    for (const [at, job] of jobs.entries()) {
      if (at % 3 === 0) setTimeout(() => job.kill("SIGKILL"), 40 * at);
    }
    await Promise.all(endings);
    const all = lines();
    expect(all.pop()).toBe("");
    const traces = new Map<string, string[]>();
    for (const line of all) {
      const { traceId, event } = JSON.parse(line);
      traces.set(traceId, [...(traces.get(traceId) ?? []), event]);
    }
    for (const [at] of jobs.entries()) if (at % 3 !== 0) expect(traces.size).toBeGreaterThanOrEqual(16);
    for (const events of traces.values())
      expect([["command-started"], ["command-started", "command-ended"]]).toContainEqual(events);
  });
});
