// `gomodcache run` around real go commands: unchanged, observed.
import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
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
import { program } from "./program.ts";
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
    runAs(user, [process.execPath, program, "run", ...words], { cwd: join(lab, "app"), env: { ...env, ...more } });
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

  it("passes arguments, input, output and status through", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        program,
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
