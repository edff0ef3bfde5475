// `trace` with real go, real users and real tracers.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as z from "zod/mini";
import { tracedDocument } from "../../src/report/schema.ts";
import {
  give,
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
import { before, command, executable, gomodcache } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

type Document = z.infer<typeof tracedDocument>;

const reader: TestUser = { uid: 2001, gid: 2001, groups: [], umask: 0o022 };
const backends = ["strace", "bpftrace"] as const;

describeOnMachine("trace", () => {
  let lab: string;
  let app: string;
  let cache: string;
  let env: Record<string, string>;

  beforeAll(() => {
    lab = makeLab("trace");
    app = join(lab, "app");
    const proxy = makeProxy(join(lab, "proxy"), [
      {
        path: "example.com/alpha",
        version: "v1.0.0",
        files: { "go.mod": "module example.com/alpha\n\ngo 1.21\n", "a.go": "package alpha\n\nconst A = 1\n" },
      },
      {
        path: "example.com/beta",
        version: "v1.1.0",
        files: { "go.mod": "module example.com/beta\n\ngo 1.21\n", "b.go": "package beta\n\nconst B = 2\n" },
      },
    ]);
    writeTree(app, {
      "go.mod":
        "module example.org/app\n\ngo 1.21\n\nrequire (\n\texample.com/alpha v1.0.0\n\texample.com/beta v1.1.0\n)\n",
      "main.go":
        'package main\n\nimport (\n\t"example.com/alpha"\n\t"example.com/beta"\n)\n\nfunc main() { println(alpha.A + beta.B) }\n',
    });
    cache = join(lab, "cache");
    env = goEnvironment({ home: join(lab, "home"), cache, buildCache: join(lab, "gocache"), proxy });
    mkdirSync(env["HOME"] as string);
    const { status, stderr } = runAs(root, [goProgram, "mod", "tidy"], {
      cwd: app,
      env: { ...env, GOFLAGS: "-mod=mod", GOMODCACHE: join(lab, "tidy") },
    });
    if (status !== 0) throw new Error(stderr);
    for (const directory of ["home", "gocache"]) {
      mkdirSync(join(lab, directory), { recursive: true });
      give(join(lab, directory), reader.uid, reader.gid);
    }
  });
  afterAll(() => removeLab(lab));

  /** A cache that root filled. */
  function fill(umask: number): void {
    rmSync(cache, { recursive: true, force: true });
    const { status, stderr } = runAs({ ...root, umask }, [goProgram, "build", "-o", "/dev/null", "./..."], {
      cwd: app,
      env: { ...env, GOCACHE: join(lab, "gocache-of-root"), HOME: join(lab, "home-of-root") },
    });
    if (status !== 0) throw new Error(stderr);
  }

  const build = [goProgram, "build", "-o", "/dev/null", "./..."];
  const trace = (
    flags: readonly string[],
    command: readonly string[] = build,
    more: Record<string, string> = {},
    user = root,
  ) => gomodcache(user, ["trace", ...flags, "--", ...command], { cwd: app, env: { ...env, ...more } });

  /** Runs it with --json in a file, and checks the document. */
  function traced(
    flags: readonly string[],
    command?: readonly string[],
    more?: Record<string, string>,
    user?: TestUser,
  ) {
    const file = join(lab, user === undefined ? "" : "gocache", "trace.json");
    rmSync(file, { force: true });
    const ran = trace([...flags, "--json", "-o", file], command, more, user);
    const document = JSON.parse(readFileSync(file, "utf8")) as Document;
    expect(tracedDocument.parse(document)).toEqual(document);
    return { ...ran, document };
  }

  const forBackend = (backend: string): string[] => [
    "--backend",
    backend,
    ...(backend === "bpftrace" ? ["--mount-tracefs"] : []),
  ];

  describe.each(backends)("with %s", (backend) => {
    it("names the directory that a umask of 077 closed, and one command that makes the build pass", () => {
      fill(0o077);
      const { status, document, stderr } = traced(["--as", "2001", ...forBackend(backend)]);
      expect(status).toBe(1);
      expect(stderr).toContain("permission denied");
      expect(document).toMatchObject({ backend, exitCode: 1, cache, argv: build });
      const [first, ...others] = document.findings;
      expect(others).toEqual([]);
      expect(first).toMatchObject({
        role: "cause",
        said: true,
        why: { verdict: "no", subject: { uid: 2001, gid: 2001 } },
      });
      expect(first?.why.chain.find(({ verdict }) => verdict === "no")).toMatchObject({
        path: cache,
        owner: "root",
        mode: "drwx------",
      });
      expect(first?.why.kernel).toEqual({ asked: true, allowed: false, agrees: true });
      expect(first?.denials[0]).toMatchObject({ errno: "EACCES", area: "module cache" });
      expect(first?.denials[0]?.process.argv?.slice(0, 2)).toEqual([goProgram, "build"]);

      const pasted = spawnSync("sh", ["-c", first?.why.fixes[0]?.command ?? "false"], { encoding: "utf8" });
      expect(pasted.status, pasted.stderr).toBe(0);
      const again = traced(["--as", "2001", ...forBackend(backend)]);
      expect(again.status, again.stderr).toBe(0);
      expect(again.document.findings).toEqual([]);
    });

    it("shows the unreadable .mod that go hides behind GOPROXY=off", () => {
      fill(0o022);
      const mod = join(cache, "cache/download/example.com/beta/@v/v1.1.0.mod");
      chmodSync(mod, 0);
      const { status, document, stderr } = traced(["--as", "2001", ...forBackend(backend)], build, { GOPROXY: "off" });
      expect(status).toBe(1);
      expect(stderr).toContain("module lookup disabled by GOPROXY=off");
      expect(stderr).not.toContain(mod);
      expect(document.findings[0]).toMatchObject({
        role: "cause",
        said: false,
        denials: [{ path: mod, kind: "mod", wanted: "read" }],
      });
      expect(document.findings[0]?.note).toMatch(/not cached/);
      chmodSync(mod, 0o644);
      expect(trace(["--as", "2001", ...forBackend(backend)], build, { GOPROXY: "off" }).status).toBe(0);
    });

    it("calls ignored what go goes on without", () => {
      fill(0o022);
      chmodSync(join(cache, "cache/download/example.com/beta/@v/v1.1.0.mod"), 0);
      const { status, document } = traced(["--as", "2001", ...forBackend(backend)]);
      expect(status).toBe(0);
      expect(document.findings.map(({ role }) => role)).not.toContain("cause");
      expect(document.findings.length).toBeGreaterThan(0);
    });

    it("is one finding for one denial a thousand times, and resolves relative names", () => {
      fill(0o077);
      // bpftrace asks a process for its directory, which one that ended cannot tell.
      const script = `cd ${lab}; ${backend === "bpftrace" ? "sleep 0.2; " : ""}i=0; while [ $i -lt 1000 ]; do [ -e cache/x ]; i=$((i+1)); done; sleep 0.5; exit 3`;
      const { status, document } = traced(["--as", "2001", ...forBackend(backend)], ["/bin/sh", "-c", script]);
      expect(status).toBe(3);
      const stat = document.findings[0]?.denials.find(({ path }) => path === join(cache, "x"));
      expect(document.findings).toHaveLength(1);
      expect(stat).toMatchObject({ count: 1000, errno: "EACCES", wanted: "look" });
    });

    it("passes streams, status and signals through", () => {
      const echo = trace(forBackend(backend), ["/bin/sh", "-c", "cat; echo out; echo err >&2; exit 7"]);
      expect(echo).toMatchObject({ status: 7, stdout: "out\n" });
      expect(echo.stderr).toMatch(/^err\n/);
      expect(trace(["-q", ...forBackend(backend)], ["/no/such/program"]).status).toBe(127);
      const killed = spawnSync(
        executable,
        [...before, "trace", "-q", ...forBackend(backend), "--", "/bin/sh", "-c", "kill -KILL $$"],
        { env, cwd: app },
      );
      expect(killed.signal).toBe("SIGKILL");
    });

    it("hands a signal on, and ends as the command ends", async () => {
      const child = start(
        [...forBackend(backend)],
        "trap 'echo got; exit 9' TERM; echo ready; while :; do sleep 0.05; done",
      );
      await child.said("ready");
      child.process.kill("SIGTERM");
      expect(await child.ended).toEqual([9, null]);
      expect(child.output()).toContain("got");
      await nobody(child.mark);
    });

    it("killed with SIGKILL, it leaves neither the command nor a tracer behind", async () => {
      const child = start([...forBackend(backend)], "sh -c 'sleep 300; :' & sleep 300 & echo ready; sleep 300; :");
      await child.said("ready");
      child.process.kill("SIGKILL");
      await child.ended;
      await nobody(child.mark);
    });

    it("does not wait for a daemon, nor end it", async () => {
      const mark = `daemon-${backend}-${process.pid}`;
      const { status, document } = traced(forBackend(backend), [
        "/bin/sh",
        "-c",
        `MARK=${mark} setsid sh -c 'exec sleep 20' >/dev/null 2>&1 & exit 4`,
      ]);
      expect(status).toBe(4);
      const daemons = marked(mark);
      expect(daemons).toHaveLength(1);
      if (backend === "strace") expect(document.notes.join()).toMatch(/left sleep \(\d+\) running/);
      spawnSync("kill", [String(daemons[0])]);
      await nobody(mark);
    });

    it("attaches to a process that runs already", async () => {
      fill(0o077);
      const mark = `attach-${backend}-${process.pid}`;
      // A child of what is attached to, that lives long enough to be asked for its name.
      const script = `while :; do sh -c 'true <"$0"; sleep 1' ${cache}/lock 2>/dev/null; done`;
      const victim = spawn("setpriv", ["--reuid=2001", "--regid=2001", "--clear-groups", "sh", "-c", script], {
        env: { PATH: "/usr/bin:/bin", MARK: mark },
        stdio: "ignore",
      });
      const file = join(lab, "attached.json");
      const { status, stderr } = gomodcache(
        root,
        ["trace", "--pid", String(victim.pid), "--for", "3", "--json", "-o", file, ...forBackend(backend)],
        { cwd: app, env },
      );
      expect(status, stderr).toBe(1);
      const document = JSON.parse(readFileSync(file, "utf8")) as Document;
      expect(tracedDocument.parse(document)).toEqual(document);
      expect(document.findings).toHaveLength(1);
      expect(document.findings[0]).toMatchObject({
        why: { subject: { uid: 2001 } },
        denials: [{ path: join(cache, "lock"), errno: "EACCES", process: { name: "sh" } }],
      });
      expect(document.findings[0]?.denials[0]?.process.pid).not.toBe(victim.pid);
      expect(victim.exitCode).toBeNull();
      victim.kill("SIGKILL");
      await nobody(mark);
    });
  });

  it("ends the command if somebody kills strace, and says so", async () => {
    const child = start(["--backend", "strace"], "echo ready; sleep 300; :", false);
    await child.said("ready");
    const [strace] = marked(child.mark).filter((pid) => readFileSync(`/proc/${pid}/comm`, "utf8") === "strace\n");
    process.kill(strace as number, "SIGKILL");
    expect(await child.ended).toEqual([null, "SIGKILL"]);
    expect(child.output()).toMatch(/strace was ended before the command/);
    for (const pid of marked(child.mark)) spawnSync("kill", ["-KILL", String(pid)]);
    await nobody(child.mark);
  });

  it("tells of a full file system where it is asked for", () => {
    fill(0o022);
    const script = `mount -t tmpfs -o size=64k tmpfs ${cache} && exec "$@"`;
    const words = ["/bin/sh", "-c", `cat /dev/zero >${cache}/x`];
    const argv = [...command, "trace", "--errno", "ENOSPC,ENOLCK", "--", ...words];
    const { status, stderr } = spawnSync("unshare", ["-m", "sh", "-c", script, "sh", ...argv], {
      cwd: app,
      env,
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toContain(`write ${cache}/x: ENOSPC`);
    expect(stderr).toContain("the file system was full");
  });

  it("says EROFS of a read-only mount, and where it is mounted", () => {
    fill(0o022);
    const file = join(lab, "erofs.json");
    const script = `mount --bind ${cache} ${cache} && mount -o remount,ro,bind ${cache} && exec "$@"`;
    const argv = [
      ...command,
      "trace",
      "--json",
      "-o",
      file,
      "--",
      goProgram,
      "mod",
      "download",
      "example.com/alpha@v1.0.0",
    ];
    rmSync(join(cache, "cache/download/example.com/alpha/@v/v1.0.0.zip"));
    const { status, stderr } = spawnSync("unshare", ["-m", "sh", "-c", script, "sh", ...argv], {
      cwd: app,
      env,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(1);
    const document = JSON.parse(readFileSync(file, "utf8")) as Document;
    expect(document.findings[0]).toMatchObject({ role: "cause", denials: [{ errno: "EROFS" }] });
    const refused = document.findings[0]?.why.chain.find(({ verdict }) => verdict === "no");
    expect(refused?.because).toBe(`${cache} is mounted read-only`);
  });

  it("sees a control group, as that of a container", async () => {
    fill(0o077);
    const mount = / (\S+) cgroup2 /.exec(readFileSync("/proc/self/mounts", "utf8"))?.[1] as string;
    const group = join(mount, `gomodcache-test-${process.pid}`);
    mkdirSync(group);
    try {
      const inside = spawn(
        "unshare",
        [
          "--pid",
          "--fork",
          "--mount-proc",
          "sh",
          "-c",
          `echo $$ >/dev/null; read x; while :; do setpriv --reuid=2001 --clear-groups cat ${cache}/lock 2>/dev/null; sleep 0.1; done`,
        ],
        {
          env: { PATH: "/usr/bin:/bin" },
          stdio: ["pipe", "ignore", "ignore"],
        },
      );
      writeFileSync(join(group, "cgroup.procs"), String(inside.pid));
      await sleep(200);
      for (const pid of descendantsOf(inside.pid as number)) writeFileSync(join(group, "cgroup.procs"), String(pid));
      inside.stdin?.write("\n");
      const file = join(lab, "cgroup.json");
      const { status, stderr } = gomodcache(
        root,
        ["trace", "--cgroup", group, "--for", "2", "--json", "-o", file, "--mount-tracefs"],
        { cwd: app, env },
      );
      // The first process of a PID namespace takes all others in it along, also those that start and end meanwhile.
      const [first] = descendantsOf(inside.pid as number);
      process.kill(first as number, "SIGKILL");
      expect(status, stderr).toBe(1);
      const document = JSON.parse(readFileSync(file, "utf8")) as Document;
      expect(document.findings[0]).toMatchObject({
        why: { subject: { uid: 2001 } },
        denials: [{ path: join(cache, "lock") }],
      });
    } finally {
      await sleep(300);
      spawnSync("rmdir", [group]);
    }
  });

  it("reads what strace saved, with whom it is told", () => {
    fill(0o077);
    const saved = join(lab, "saved.trace");
    const other = ["setpriv", "--reuid=2001", "--regid=2001", "--clear-groups"];
    spawnSync("strace", ["-f", "-y", "-tt", "-o", saved, ...other, ...build], { cwd: app, env });
    const ran = gomodcache(root, ["trace", "--strace-file", saved, "--as", "2001", "--json"], { cwd: app, env });
    expect(ran.status, ran.stderr).toBe(1);
    const document = JSON.parse(ran.stdout) as Document;
    expect(document.findings[0]?.why.chain.find(({ verdict }) => verdict === "no")?.path).toBe(cache);
    // The trace began as root: setpriv's own calls tell who it became.
    const untold = gomodcache(root, ["trace", "--strace-file", saved, "--json"], { cwd: app, env });
    const [finding] = (JSON.parse(untold.stdout) as Document).findings;
    expect(finding).toMatchObject({ credentials: "process", capabilities: [], why: { verdict: "no" } });
    expect(finding?.why.subject).toMatchObject({ uid: 2001, gid: 2001, groups: [] });
  });

  it.each([
    ["a binary file", () => Buffer.alloc(200_000, 0xfe), /is no output of strace/],
    ["a line of 100 MB", () => Buffer.alloc(100_000_000, "x"), /is no output of strace/],
    ["a directory", undefined, /EISDIR/],
  ])("says what is wrong with %s", (_, content, message) => {
    const file = join(lab, "bad.trace");
    rmSync(file, { recursive: true, force: true });
    if (content === undefined) mkdirSync(file);
    else writeFileSync(file, content());
    const { status, stderr } = gomodcache(root, ["trace", "--strace-file", file], { cwd: app, env });
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    rmSync(file, { recursive: true, force: true });
  });

  it("says that somebody else's command needs root", () => {
    const { status, stderr } = trace(["--as", "2002"], build, {}, reader);
    expect(status).toBe(4);
    expect(stderr).toMatch(/only root can/);
  });

  it("works for a user without any rights, and says what bpftrace lacks", () => {
    fill(0o077);
    const { status, document } = traced([], build, {}, reader);
    expect(status).toBe(1);
    expect(document.findings[0]).toMatchObject({
      role: "cause",
      credentials: "process",
      why: { subject: { uid: 2001 } },
    });
    const refused = trace(["--backend", "bpftrace"], build, {}, reader);
    expect(refused.status).toBe(4);
    expect(refused.stderr).toMatch(/runs as root only/);
  });

  interface Started {
    readonly process: ChildProcess;
    readonly mark: string;
    readonly ended: Promise<[number | null, string | null]>;
    readonly said: (word: string) => Promise<void>;
    readonly output: () => string;
  }

  function start(flags: readonly string[], script: string, quiet = true): Started {
    const mark = `mark-${process.pid}-${Math.random()}`;
    const child = spawn(
      executable,
      [...before, "trace", ...(quiet ? ["-q"] : []), ...flags, "--", "/bin/sh", "-c", script],
      {
        cwd: app,
        env: { ...env, MARK: mark },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise<[number | null, string | null]>((resolve) =>
      child.once("exit", (status, signal) => resolve([status, signal])),
    );
    const said = async (word: string): Promise<void> => {
      for (let tries = 0; !text.includes(word); tries += 1) {
        if (tries > 1_000 || child.exitCode !== null) throw new Error(`it never said ${word}: ${text}`);
        await sleep(20);
      }
    };
    return { process: child, mark, ended, said, output: () => text };
  }
});

/** Processes with this mark in their environment: the command, what it started, and tracers (which inherit it, or are given none). */
function marked(mark: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        if (/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "latin1"))) return false;
        return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`MARK=${mark}`);
      } catch {
        return false;
      }
    });
}

/** Fails unless all processes with the mark are gone after a while. */
async function nobody(mark: string): Promise<void> {
  for (let tries = 0; tries < 200 && marked(mark).length > 0; tries += 1) await sleep(50);
  expect(marked(mark).map((pid) => readFileSync(`/proc/${pid}/cmdline`, "latin1"))).toEqual([]);
}

function descendantsOf(parent: number): number[] {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8")
    .split(" ")
    .filter(Boolean)
    .map(Number);
  return children.flatMap((pid) => [pid, ...descendantsOf(pid)]);
}
