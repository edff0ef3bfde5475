// `gomodcache run` around real go commands: unchanged, observed.
import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../src/audit/event.ts";
import { type FaultyProxy, startProxy } from "./faulty-proxy.ts";
import {
  goEnvironment,
  goProgram,
  makeLab,
  makeProxy,
  removeLab,
  root,
  runAs,
  type TestUser,
  writeTree,
} from "./lab.ts";
import { before, command, executable } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

const bob: TestUser = { uid: 2001, gid: 2001, groups: [], umask: 0o022 };
const alpha = {
  path: "example.com/Alpha",
  version: "v1.0.0",
  files: { "go.mod": "module example.com/Alpha\n\ngo 1.21\n", "a.go": "package alpha\n\nconst A = 1\n" },
};
const beta = {
  path: "example.com/beta",
  version: "v1.2.0",
  files: { "go.mod": "module example.com/beta\n\ngo 1.21\n", "b.go": "package beta\n\nconst B = 1\n" },
};

describeOnMachine("gomodcache run", () => {
  let lab: string;
  let proxy: FaultyProxy;
  let env: Record<string, string>;
  beforeAll(async () => {
    lab = makeLab("run");
    makeProxy(join(lab, "proxy"), [alpha, beta]);
    proxy = await startProxy(join(lab, "proxy"));
    mkdirSync(join(lab, "gocache"));
  });
  afterAll(() => {
    proxy.stop();
    removeLab(lab);
  });
  beforeEach(() => {
    for (const name of readdirSync(lab)) {
      if (!["proxy", "gocache"].includes(name)) rmSync(join(lab, name), { recursive: true, force: true });
    }
    mkdirSync(join(lab, "home"));
    chownSync(join(lab, "home"), bob.uid, bob.gid);
    writeTree(join(lab, "app"), {
      "go.mod": `module app\n\ngo 1.21\n\nrequire (\n\t${alpha.path} v1.0.0\n\t${beta.path} v1.2.0\n)\n`,
      "main.go": `package main\n\nimport (\n\t"${alpha.path}"\n\t"${beta.path}"\n)\n\nfunc main() { println(alpha.A, beta.B) }\n`,
    });
    env = {
      ...goEnvironment({
        home: join(lab, "home"),
        cache: join(lab, "mod"),
        buildCache: join(lab, "gocache"),
        proxy: proxy.address,
      }),
      GOFLAGS: "-mod=mod",
      GOMODCACHE_EVENTS: join(lab, "events.jsonl"),
    };
  });

  const run = (words: readonly string[], more: Record<string, string> = {}, user = root) =>
    runAs(user, [...command, "run", ...words], { cwd: join(lab, "app"), env: { ...env, ...more } });
  const events = (): AuditEvent[] =>
    readFileSync(join(lab, "events.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("tells each fetch of a build, with its span in the command's", () => {
    const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const { status, stderr } = run(["--", "go", "build", "-o", "/dev/null", "./..."], { TRACEPARENT: parent });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const [started, ...rest] = events();
    expect(started).toMatchObject({
      event: "command-started",
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      parentSpanId: "00f067aa0ba902b7",
      argv: ["go", "build", "-o", "/dev/null", "./..."],
      modcache: join(lab, "mod"),
      attempt: 1,
    });
    expect(rest.at(-1)).toMatchObject({ event: "command-ended", exitCode: 0, causes: [], spanId: started?.spanId });
    const fetched = rest.flatMap((event) => (event.event === "module-accessed" && !event.hit ? [event] : []));
    for (const module of [alpha, beta]) {
      const ofModule = fetched.filter((event) => event.module === module.path);
      expect(ofModule.map(({ what }) => what).sort()).toEqual(["info", "mod", "zip"]);
      for (const event of ofModule) {
        expect(event).toMatchObject({
          version: module.version,
          status: 200,
          source: proxy.address,
          parentSpanId: started?.spanId,
        });
        expect(event.bytes).toBeGreaterThan(0);
      }
    }
  });

  it.each([
    ["refused", "http://127.0.0.1:1", "connect: connection refused"],
    ["no such host", "https://proxy.invalid", "dial tcp: lookup proxy.invalid"],
  ])("go's message names the real proxy and the real error: %s", (_, address, words) => {
    const { status, stderr } = run(["--", "go", "list", "-m", "-versions", "example.com/gamma"], { GOPROXY: address });
    const plain = runAs(root, [goProgram, "list", "-m", "-versions", "example.com/gamma"], {
      cwd: join(lab, "app"),
      env: { ...env, GOPROXY: address },
    });
    expect(status).toBe(plain.status);
    expect(stderr).toContain(words);
    // Which name server was asked is known to go alone.
    expect(stderr).toContain(plain.stderr.replace(/ on [\d.:[\]a-f]+:53/, ""));
  });

  const download = ["--", "go", "mod", "download"];
  const fetched = () => events().flatMap((event) => (event.event === "module-accessed" && !event.hit ? [event] : []));

  it("keeps what , and | mean, and asks in go's order", () => {
    const dead = "http://127.0.0.1:1";
    expect(run(download, { GOPROXY: `${dead},${proxy.address}` }).status).toBe(1);
    expect(run(download, { GOPROXY: `${dead}|${proxy.address}` }).status).toBe(0);
    rmSync(join(lab, "mod"), { recursive: true });
    expect(run(download, { GOPROXY: `${proxy.address}/404,${proxy.address}` }).status).toBe(0);
    rmSync(join(lab, "mod"), { recursive: true });
    expect(run(download, { GOPROXY: `${proxy.address}/403,${proxy.address}` }).status).toBe(1);
    expect(run(download, { GOPROXY: `${proxy.address}/500|file://${join(lab, "proxy")}` }).status).toBe(0);
  });

  it("follows redirects as go does: ten, and never from https to http", () => {
    expect(run(download, { GOPROXY: `${proxy.address}/hop/9` }).status).toBe(0);
    rmSync(join(lab, "mod"), { recursive: true });
    const { status, stderr } = run(download, { GOPROXY: `${proxy.address}/hop/11` });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("stopped after 10 redirects") });
  });

  it("leaves an entry alone whose credentials go has from netrc, and says so", () => {
    writeTree(join(lab, "home"), { ".netrc": "machine modules.invalid login me password secret\n" });
    const { status, stderr } = run(["-v", ...download], {
      GOPROXY: `https://modules.invalid|${proxy.address}`,
    });
    expect(status).toBe(0);
    expect(stderr).toContain("https://modules.invalid is left alone: netrc gives its credentials");
    expect(fetched().length).toBeGreaterThan(0);
  });

  it("goes through HTTP_PROXY, for http and https", async () => {
    const through = { HTTP_PROXY: proxy.address, http_proxy: proxy.address };
    expect(run(download, { GOPROXY: "http://modules.invalid", ...through })).toMatchObject({ status: 0, stderr: "" });
    expect(new Set(fetched().map(({ source }) => source))).toEqual(new Set(["http://modules.invalid"]));
  });

  it("gives nothing to who does not know its secret", () => {
    const script =
      "node -e 'fetch(new URL(\"/0/example.com/beta/@v/list\", process.env.GOPROXY)).then((r) => console.log(r.status))'";
    const { stdout } = run(["--", "sh", "-c", script], { PATH: process.env["PATH"] ?? "" });
    expect(stdout).toBe("404\n");
    expect(fetched()).toEqual([]);
  });

  it("go env GOPROXY tells what it tells without us", () => {
    expect(run(["--", "go", "env", "GOPROXY"]).stdout).toBe(`${proxy.address}\n`);
  });

  it("without the relay, what go prints is used", () => {
    expect(run(["--no-relay", ...download, "-x"]).status).toBe(0);
    const zips = fetched().filter(({ what }) => what === "zip");
    expect(zips.map(({ module, status, source }) => ({ module, status, source }))).toEqual(
      expect.arrayContaining([{ module: alpha.path, status: 200, source: proxy.address }]),
    );
    expect(zips).toHaveLength(2);
  });

  it("modules that are in the cache are hits, those of vendor are not read", () => {
    expect(runAs(root, [goProgram, "mod", "download"], { cwd: join(lab, "app"), env }).status).toBe(0);
    expect(run(["--", "go", "list", "-deps", "./..."]).status).toBe(0);
    const hits = events().flatMap((event) => (event.event === "module-accessed" ? [event] : []));
    expect(hits.map(({ module, hit, source, what }) => [module, hit, source, what])).toEqual([
      [alpha.path, true, "cache", "module"],
      [beta.path, true, "cache", "module"],
    ]);
    expect(runAs(root, [goProgram, "mod", "vendor"], { cwd: join(lab, "app"), env }).status).toBe(0);
    rmSync(join(lab, "events.jsonl"));
    expect(run(["--", "go", "list", "-deps", "./..."], { GOFLAGS: "-mod=vendor" }).status).toBe(0);
    expect(events().map(({ event }) => event)).toEqual(["command-started", "command-ended"]);
  });

  it("--retry runs again what time cures, with a span for each attempt, and nothing else", () => {
    const { status, stderr } = run(["--retry", "3", ...download], { GOPROXY: `${proxy.address}/flaky/one` });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("trying again in") });
    const ends = events().flatMap((event) => (event.event === "command-ended" ? [event] : []));
    expect(ends.map(({ attempt, exitCode }) => [attempt, exitCode])).toEqual([
      [1, 1],
      [2, 0],
    ]);
    expect(new Set(ends.map(({ spanId }) => spanId)).size).toBe(2);
    expect(new Set(ends.map(({ traceId }) => traceId)).size).toBe(1);
    expect(run(["--retry", "3", "--", "go", "vet", "./missing"]).stderr).not.toContain("trying again");
    const words = ["run", "--retry", "3", "--", "sh", "-c", "cat; go mod download"];
    const piped = spawnSync(executable, [...before, ...words], {
      cwd: join(lab, "app"),
      env: { ...env, GOPROXY: `${proxy.address}/503`, GOMODCACHE: join(lab, "other") },
      input: "something",
      encoding: "utf8",
    });
    expect(piped.stderr).toContain("not tried again: standard input");
  });

  it("writes no credentials down, neither of the arguments nor of what go says", () => {
    const script =
      'echo "go: example.com/x@v1.0.0: reading https://ci:hunter2@proxy.example.net/x: 403 Forbidden" >&2; exit 1';
    const words = ["sh", "-c", script, "sh", "--token", "s3cret", "-ldflags=-X main.apiKey=k3y"];
    expect(run(["--", ...words]).status).toBe(1);
    const text = readFileSync(join(lab, "events.jsonl"), "utf8");
    expect(text).toContain("https://REDACTED@proxy.example.net/x: 403 Forbidden");
    expect(text).toContain('"--token","REDACTED","-ldflags=-X main.apiKey=REDACTED"');
    expect(text).not.toMatch(/hunter2|s3cret|k3y/);
  });

  it("a run in a run observes once", () => {
    const inner = ["--", ...command, "run", "-v", ...download];
    const { status, stderr } = run(inner);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("another run around this one") });
    expect(fetched().filter(({ what }) => what === "zip")).toHaveLength(2);
    const starts = events().flatMap((event) => (event.event === "command-started" ? [event] : []));
    expect(starts[1]).toMatchObject({ traceId: starts[0]?.traceId, parentSpanId: starts[0]?.spanId });
  });

  it("says who holds the lock that go waits for", () => {
    const lock = join(lab, "mod/cache/download/example.com/beta/@v/v1.2.0.lock");
    writeTree(lab, { "mod/cache/download/example.com/beta/@v/v1.2.0.lock": "" });
    const script = `flock "$0" sleep 8 & sleep 0.3; "$@"`;
    const { status, stderr } = runAs(root, ["sh", "-c", script, lock, ...command, "run", ...download], {
      cwd: join(lab, "app"),
      env,
    });
    expect(status).toBe(0);
    expect(stderr).toMatch(new RegExp(`waits for the lock ${lock}, held by process \\d+ of user 0: flock`));
  });

  describe("the shim", () => {
    const shims = (): string => join(lab, "shims");
    const shim = (...words: string[]) => run(words, { PATH: `${shims()}:${env["PATH"]}` });
    const make = (more: Record<string, string> = {}) =>
      runAs(root, ["make", "-s"], {
        cwd: join(lab, "app"),
        env: { ...env, PATH: `${shims()}:${env["PATH"]}`, ...more },
      });

    it("has make's go observed; a second time changes nothing; it goes as it came", () => {
      writeTree(join(lab, "app"), { Makefile: "all:\n\tgo version\n\tgo mod download\n" });
      expect(shim("--install-shim", shims()).stdout).toContain(`runs ${goProgram} under gomodcache run`);
      expect(shim("--install-shim", shims()).stdout).toContain("already runs");
      expect(make()).toMatchObject({ status: 0, stderr: "" });
      expect(events().filter(({ event }) => event === "command-started")).toHaveLength(1);
      expect(fetched().filter(({ what }) => what === "zip")).toHaveLength(2);
      expect(shim("--remove-shim", shims()).status).toBe(0);
      expect(readdirSync(shims())).toEqual([]);
    });

    it("does not call itself, finds a go that has moved, and runs it without us", () => {
      expect(shim("--install-shim", shims()).status).toBe(0);
      const file = join(shims(), "go");
      const text = readFileSync(file, "utf8");
      writeFileSync(file, text.replace(/^go=.*$/m, "go=/moved/go").replace(/^script=.*$/m, "script=/moved/cli.js"));
      writeTree(join(lab, "app"), { Makefile: "all:\n\tgo list -m\n" });
      expect(make()).toMatchObject({ status: 0, stdout: "app\n" });
      const alone = make({ PATH: `${shims()}:/usr/bin:/bin` });
      expect(alone.stderr).toContain("finds no go on PATH");
    });

    it("leaves a go alone that is not its own", () => {
      writeTree(shims(), { go: "#!/bin/sh\n" });
      expect(shim("--install-shim", shims())).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("left alone"),
      });
      expect(shim("--remove-shim", shims())).toMatchObject({ status: 2 });
      expect(readFileSync(join(shims(), "go"), "utf8")).toBe("#!/bin/sh\n");
    });
  });

  it("passes arguments, input, output and status through", () => {
    const { status, stdout, stderr } = spawnSync(
      executable,
      [
        ...before,
        "run",
        "--no-events",
        "--",
        "sh",
        "-c",
        'cat; printf "<%s>" "$@"; printf err >&2; exit 37',
        "x",
        "a b",
        "",
        "--",
        "*",
      ],
      { cwd: join(lab, "app"), env, input: "from stdin\n", encoding: "utf8" },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 37, stdout: "from stdin\n<a b><><--><*>", stderr: "err" });
  });
  it("runs as another user", () => {
    expect(run(["--no-events", "--", "id", "-u"], {}, bob).stdout).toBe("2001\n");
  });
});
