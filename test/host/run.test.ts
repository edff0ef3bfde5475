import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { complaint, run } from "../../src/host/run.ts";
import { openDirectory } from "./as-user.ts";

const env = { PATH: "/usr/bin:/bin" };
const shell = (script: string, options = {}) => run("sh", ["-c", script], { env, ...options });

test("status, output and errors are told apart", () => {
  const result = shell("echo out; echo wrong >&2; exit 3");
  expect(result).toMatchObject({ status: 3, stderr: "wrong\n", timedOut: false });
  expect(result.stdout.toString()).toBe("out\n");
  expect(result.error).toBeUndefined();
  expect(complaint(result)).toBe("wrong");
});

test.each([
  ["a program that is missing", () => run("/no/such/program", [], { env }), "there is no such program"],
  ["a directory", () => run("/usr", [], { env }), "it may not be executed"],
  ["an argument that no program can get", () => run("true", ["a\0b"], { env }), "null bytes"],
  ["a program that kills itself", () => shell("kill -SEGV $$"), "it was killed by SIGSEGV"],
  ["a program that prints without end", () => shell("yes", { maxOutput: 1000 }), "it printed too much"],
])("%s is a result, not an exception", (_, start, error) => {
  const result = start();
  expect(result.status).toBeUndefined();
  expect(result.error).toContain(error);
});

test("only the given environment is passed on, and input is fed", () => {
  const result = run("sh", ["-c", "env | grep -v -e ^PWD= -e ^SHLVL= -e ^_=; cat"], {
    env: { ...env, ONLY: "this" },
    input: "fed",
  });
  expect(result.stdout.toString()).toBe("PATH=/usr/bin:/bin\nONLY=this\nfed");
});

test("arguments are not read by a shell", () => {
  expect(run("echo", ["$(id)", "a  b", ";ls"], { env }).stdout.toString()).toBe("$(id) a  b ;ls\n");
});

test("a program that does not read its input has not failed", () => {
  expect(run("true", [], { env, input: "x".repeat(1_000_000) }).status).toBe(0);
});

test("what hangs is killed with all that it started", async () => {
  const directory = openDirectory("run");
  try {
    const pids = join(directory, "pids");
    const started = Date.now();
    const result = shell(`sleep 60 & echo $! > ${pids}; sleep 60 & echo $! >> ${pids}; wait`, { timeout: 400 });
    expect(result).toMatchObject({ timedOut: true, error: "it did not finish in 0.4 s" });
    expect(Date.now() - started).toBeLessThan(10_000);
    const killed = readFileSync(pids, "utf8").trim().split("\n");
    expect(killed).toHaveLength(2);
    await expect.poll(() => killed.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** A zombie that nobody has waited for yet is dead, too. */
function isAlive(pid: string): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}
