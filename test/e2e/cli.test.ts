// The program as its users meet it: help, mistakes, hostile names, closed pipes. Exit statuses and messages, never a stack.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeLab, removeLab, runAs } from "./lab.ts";
import { before, command, executable } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

let lab: string;
beforeAll(() => {
  lab = makeLab("cli");
  mkdirSync(join(lab, "cache/cache/download/example.com/a/@v"), { recursive: true });
  mkdirSync(join(lab, "project"));
  writeFileSync(join(lab, "project/go.mod"), "module example.org/p\n\ngo 1.21\n");
  mkdirSync(join(lab, "broken"));
  writeFileSync(join(lab, "broken/go.mod"), "module example.org/p\nrequire (\n");
});
afterAll(() => removeLab(lab));

function run(argv: readonly string[], env: Record<string, string> = {}, cwd = "/") {
  const { status, stdout, stderr } = spawnSync(executable, [...before, ...argv], {
    encoding: "utf8",
    cwd,
    env: { PATH: process.env["PATH"], HOME: join(lab, "home"), ...env },
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

const cache = () => ["--cache-dir", join(lab, "cache")];

describe("help", () => {
  it("stands at 80 columns, with examples", () => {
    const { status, stdout } = run(["--help"]);
    expect(status).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  it.each(["doctor", "can", "why", "verify", "explain", "init", "fix", "undo", "send-events", "lab", "completion"])(
    "%s --help has examples and fits",
    (command) => {
      const { status, stdout } = run([command, "--help"]);
      expect(status).toBe(0);
      expect(stdout).toContain("Examples:");
      expect(run(["help", command]).stdout).toBe(stdout);
    },
  );

  it.each(["contracts", "exit-codes", "environment", "formatting", "permissions"])("there is a topic %s", (topic) => {
    const { status, stdout } = run(["help", topic]);
    expect(status).toBe(0);
    expect(stdout.length).toBeGreaterThan(200);
  });

  it("the version is that of the package", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(run(["--version"]).stdout).toBe(`${version}\n`);
    expect(run(["doctor", "--json", ...cache()]).stdout).toContain(`"version": "${version}"`);
  });
});

describe("mistakes", () => {
  it.each([
    [["dotor"], 2, "Did you mean doctor?"],
    [["doctor", "--fromat", "json"], 2, "Did you mean --format?"],
    [["doctor", "--format", "yaml"], 2, "Allowed choices are"],
    [["doctor", "-o", "xml:out"], 2, "is not a format"],
    [["can"], 2, "missing required argument"],
    [["can", "biuld"], 2, "operations: build"],
    [["can", "build", "--module", "x"], 2, "MODULE@VERSION"],
    [["can", "verify", "--module", "x@v1.0.0"], 2, "--module says nothing to verify"],
    [["why"], 2, "missing required argument"],
    [["why", "/", "--op", "eat"], 2, "Allowed choices are"],
    [["explain", "partial"], 2, "did you mean partial-extraction"],
    [["help", "me"], 2, "there is no help about"],
    [["can", "write", "--as", "nobody-of-that-name"], 2, "nobody-of-that-name"],
    [["can", "write", "--as", "1000:"], 2, "1000:"],
    [["can", "write", "--as", "1000+umask=9"], 2, "umask"],
    [["can", "write", "--as", "4294967295"], 2, "4294967295"],
  ])("%j exits with %i and says %s", (argv, status, text) => {
    const ran = run(argv);
    expect(ran.stderr).toContain(text);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect(ran.status).toBe(status);
    expect(ran.stdout).toBe("");
  });

  it("a project that is not there, has no go.mod, or has a broken one", () => {
    expect(run(["can", "build", "--for", join(lab, "none"), ...cache()])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("does not exist"),
    });
    expect(run(["can", "build", "--for", join(lab, "cache"), ...cache()])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("there is no go.mod"),
    });
    expect(run(["can", "build", "--for", join(lab, "broken"), ...cache()])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("the require ( block is not closed"),
    });
    expect(run(["doctor", "--for", join(lab, "broken"), ...cache()])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("not closed"),
    });
  });

  it("errors are JSON too under --json", () => {
    const { stdout, status } = run(["can", "build", "--json", "--for", join(lab, "none")]);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: "can",
      error: { message: expect.stringContaining("does not exist") },
    });
  });

  it("a file that cannot be written is told", () => {
    const { status, stderr } = run(["doctor", ...cache(), "-o", join(lab, "no/such/file")]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("no/such/file")]);
  });
});

describe("a machine without a cache or without go", () => {
  it("gets a verdict", () => {
    const { status, stdout, stderr } = run(["doctor", "--cache-dir", join(lab, "none")], { PATH: "/nonexistent" });
    expect(stderr).toBe("");
    expect(stdout).toContain("cache-missing");
    expect([0, 1, 3]).toContain(status);
  });

  it("bears a go that crashes, hangs or talks nonsense", () => {
    for (const [name, script] of [
      ["crash", "kill -SEGV $$"],
      ["nonsense", "echo '{'"],
      ["hang", "sleep 60"],
    ] as const) {
      const bin = join(lab, `bin-${name}`);
      mkdirSync(bin, { recursive: true });
      writeFileSync(join(bin, "go"), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, "go"), 0o755);
      const { status, stdout, stderr } = run(["doctor", ...cache()], { PATH: `${bin}:/usr/bin:/bin` });
      expect(stderr).toBe("");
      expect(stdout).toContain("go-not-answering");
      expect([0, 1, 3]).toContain(status);
    }
  });
});

describe("hostile names", () => {
  it("reach neither a terminal nor a CI log raw", () => {
    const directory = join(lab, "cache/cache/download/example.com/a/@v");
    const names = ["v1.0.0\n::error::pwned", "\u001b[2J\u001b]0;title\u0007", "\u202egnp.exe", "##[error]x"];
    for (const name of names) writeFileSync(join(directory, name), "");
    execFileSync("sh", ["-c", `: > "$1/$(printf 'bad\\377name')"`, "sh", directory]);
    for (const format of ["text", "compact", "github", "markdown", "junit", "sarif", "jsonl", "json"]) {
      const { stdout } = run(["doctor", "--verbose", "--format", format, ...cache()]);
      expect(stdout, format).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(
        stdout.split("\n").filter((line) => line.startsWith("::error::pwned") || line.startsWith("##[")),
        format,
      ).toEqual([]);
      expect(stdout, format).toMatch(/bad\\+xffname|title|pwned|gnp\.exe/);
    }
    for (const name of names) rmSync(join(directory, name));
  });
});

it("a closed pipe ends it quietly", () => {
  const script = `${command.join(" ")} explain partial-extraction | head -1; echo "$?"`;
  const { stdout, stderr } = spawnSync("bash", ["-o", "pipefail", "-c", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toContain("# partial-extraction");
});

it("a report goes to several files in several formats at once, and progress never into it", () => {
  const [sarif, junit] = [join(lab, "out.sarif"), join(lab, "out.xml")];
  const { stdout, stderr } = run(["doctor", ...cache(), "-o", `sarif:${sarif}`, "-o", `junit:${junit}`]);
  expect(stderr).toBe("");
  expect(stdout).toContain("gomodcache ");
  expect(JSON.parse(readFileSync(sarif, "utf8")).version).toBe("2.1.0");
  expect(readFileSync(junit, "utf8")).toMatch(/^<\?xml/);
});

describeOnMachine("a tree with a FIFO in it", () => {
  it("is looked at without opening it", () => {
    const fifo = join(lab, "cache/cache/download/example.com/a/@v/v1.0.0.ziphash");
    execFileSync("mkfifo", [fifo]);
    const { status, stdout } = run(["doctor", ...cache()]);
    expect(stdout).toContain("special-file");
    // A warning: by default only errors fail.
    expect(status).toBe(0);
    rmSync(fifo);
  });

  it("and parts that the one who asks may not see make the verdict incomplete, never healthy", () => {
    const hidden = join(lab, "cache/hidden@v1.0.0");
    mkdirSync(hidden);
    chmodSync(hidden, 0o700);
    const user = { uid: 2001, gid: 2001, groups: [], umask: 0o022 };
    const env = { PATH: process.env["PATH"] ?? "", HOME: "/tmp" };
    const { stdout } = runAs(user, [...command, "doctor", "--json", "--as", "2002", ...cache()], {
      cwd: "/",
      env,
    });
    const report = JSON.parse(stdout);
    expect(report.verdict).not.toBe("healthy");
    expect(JSON.stringify(report.skipped)).toContain("hidden@v1.0.0");
    rmSync(hidden, { recursive: true });
  });
});
