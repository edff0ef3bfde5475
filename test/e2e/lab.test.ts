// Each experiment on this machine: it happens as its page says, nothing is left behind, and it ends at once when it is told to.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { experiments } from "../../src/lab/experiments.ts";
import { missing } from "../../src/lab/needs.ts";
import { goProgram } from "./lab.ts";
import { before, executable, gomodcache } from "./program.ts";

/** A short path: podman wants one. */
let directory: string;
beforeAll(() => {
  directory = mkdtempSync("/tmp/lab-");
  chmodSync(directory, 0o755);
});
afterAll(() => rmSync(directory, { recursive: true }));

const environment = (): Record<string, string> => ({
  PATH: `${goProgram.replace(/\/go$/, "")}:/usr/sbin:/usr/bin:/sbin:/bin`,
  HOME: directory,
  TMPDIR: directory,
});
const run = (...argv: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(executable, [...before, "lab", ...argv], {
    encoding: "utf8",
    env: environment(),
    cwd: "/",
    timeout: 280_000,
  });

const daemon = ["dockerd", "docker"] as const;

describe.each(experiments)("lab $name", ({ name, needs }) => {
  const isDocker = name === "docker-user-switch";
  const [lack] = missing([...needs, ...(isDocker ? daemon : [])], process.env);

  it("happens as its page says, and leaves nothing", (context) => {
    context.skip(lack !== undefined, lack);
    const { status, stdout, stderr } = run(name, ...(isDocker ? ["--start-daemon"] : []));
    expect(stderr).toBe("");
    expect(stdout).not.toContain("NOT SO");
    expect(stdout).toContain("What follows");
    expect(status, stdout).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  }, 300_000);

  it("has a page with the same steps and claims", () => {
    const page = fileURLToPath(new URL(`../../docs/lab/${name}.md`, import.meta.url));
    expect(existsSync(page)).toBe(true);
    const text = readFileSync(page, "utf8");
    expect(text.startsWith(`# lab ${name}\n`)).toBe(true);
    expect(text).not.toContain("Not as expected");
    expect(text.match(/^As expected: /gm)?.length).toBeGreaterThanOrEqual(3);
  });
});

describe("lab", () => {
  it("lists the experiments, and refuses what is none", () => {
    const { status, stdout } = run("--list");
    expect(status).toBe(0);
    for (const { name } of experiments) expect(stdout).toContain(`${name} `);
    expect(run("umaks")).toMatchObject({ status: 2, stderr: expect.stringContaining("choose one of: umask") });
    expect(run("umask", "--start-daemon").status).not.toBe(0);
  });

  it("says what is missing, with status 3", () => {
    const { status, stderr } = gomodcache(
      { uid: 61_900, gid: 61_900, groups: [], umask: 0o022 },
      ["lab", "cross-uid"],
      {
        cwd: "/",
        env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
      },
    );
    expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringContaining("it needs root") });
  });

  it("keeps its directory if it is told to, which others can pass through and not write", (context) => {
    const needs = experiments.find(({ name }) => name === "umask")?.needs ?? [];
    const [lack] = missing(needs, process.env);
    context.skip(lack !== undefined, lack);
    const { status, stderr } = run("umask", "--keep", "--markdown");
    expect(status).toBe(0);
    const [left = ""] = readdirSync(directory);
    expect(stderr).toContain(left);
    const mode = spawnSync("stat", ["-c", "%a %u", `${directory}/${left}`], { encoding: "utf8" }).stdout.trim();
    expect(mode).toBe(`${process.geteuid?.() === 0 ? 711 : 700} ${process.geteuid?.()}`);
    rmSync(`${directory}/${left}`, { recursive: true });
  }, 120_000);

  it.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends it, with what it started and made",
    async (signal) => {
      const needs = experiments.find(({ name }) => name === "cross-uid")?.needs ?? [];
      if (missing(needs, process.env).length > 0) return;
      const child = spawn(executable, [...before, "lab", "cross-uid"], {
        env: environment(),
        cwd: "/",
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = "";
      await new Promise<void>((resolve) => {
        child.stdout.on("data", (chunk) => {
          text += chunk;
          if (text.includes("\n1. ")) resolve();
        });
        child.once("exit", () => resolve());
      });
      child.kill(signal);
      const [status, by] = await new Promise<[number | null, string | null]>((resolve) =>
        child.once("exit", (code, sent) => resolve([code, sent])),
      );
      expect(signal === "SIGINT" ? status : by).toBe(signal === "SIGINT" ? 130 : signal);
      expect(readdirSync(directory)).toEqual([]);
    },
    60_000,
  );
});
