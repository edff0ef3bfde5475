// Failures provoked with the real go: the cause that `run` names, and what it shows of this machine, must be the ones provoked.
import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { CommandEnded } from "../../src/audit/event.ts";
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
import { command } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

const bob: TestUser = { uid: 2001, gid: 2001, groups: [], umask: 0o022 };
/** Larger than the small file systems of the tests, packed or not. */
const large = Array.from({ length: 20_000 }, (_, line) => `// ${Math.sin(line)}\n`).join("");
const beta = {
  path: "example.com/beta",
  version: "v1.2.0",
  files: { "go.mod": "module example.com/beta\n\ngo 1.21\n", "b.go": `package beta\n\nconst B = 1\n${large}` },
};

interface Scene {
  readonly words?: readonly string[];
  readonly env?: Record<string, string>;
  readonly user?: TestUser;
  /** A shell script that runs as root in a mount namespace of its own, before the command. */
  readonly mounts?: string;
}

describeOnMachine("the cause that run names", () => {
  let lab: string;
  let proxy: FaultyProxy;
  let secure: FaultyProxy;
  let env: Record<string, string>;
  let app: string;
  let mod: string;
  beforeAll(async () => {
    lab = makeLab("causes");
    makeProxy(join(lab, "proxy"), [beta]);
    proxy = await startProxy(join(lab, "proxy"));
    mkdirSync(join(lab, "tls"));
    const goroot = spawnSync(goProgram, ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
    const made = spawnSync(
      goProgram,
      ["run", `${goroot}/src/crypto/tls/generate_cert.go`, "--host", "127.0.0.1,modules.invalid"],
      {
        cwd: join(lab, "tls"),
        env: { ...process.env, GOFLAGS: "", GOTOOLCHAIN: "local" },
        encoding: "utf8",
      },
    );
    expect(made).toMatchObject({ status: 0 });
    secure = await startProxy(join(lab, "proxy"), { key: join(lab, "tls/key.pem"), cert: join(lab, "tls/cert.pem") });
    // A build cache that both users can use, with the runtime in it: compiling that takes longest.
    writeTree(join(lab, "tls"), {
      "go.mod": "module warm\n\ngo 1.21\n",
      "main.go": "package main\n\nfunc main() { println(1) }\n",
    });
    const warm = { cwd: join(lab, "tls"), env: { ...environment(), HOME: lab }, encoding: "utf8" } as const;
    expect(spawnSync(goProgram, ["build", "-o", "/dev/null", "."], warm)).toMatchObject({ status: 0 });
    spawnSync("chmod", ["-R", "a+rwX", join(lab, "gocache")]);
  });
  afterAll(() => {
    proxy.stop();
    secure.stop();
    removeLab(lab);
  });
  beforeEach(() => {
    for (const name of readdirSync(lab)) {
      if (!["proxy", "gocache", "tls"].includes(name)) rmSync(join(lab, name), { recursive: true, force: true });
    }
    for (const name of ["home", "small", "events"]) mkdirSync(join(lab, name));
    for (const name of ["home", "events"]) chownSync(join(lab, name), bob.uid, bob.gid);
    app = join(lab, "app");
    mod = join(lab, "mod");
    writeTree(app, {
      "go.mod": `module app\n\ngo 1.21\n\nrequire ${beta.path} v1.2.0\n`,
      "main.go": `package main\n\nimport "${beta.path}"\n\nfunc main() { println(beta.B) }\n`,
    });
    // Not in bob's home: what root makes there is root's.
    const elsewhere = { ...environment(), HOME: join(lab, "small"), GOPATH: join(lab, "small/go") };
    const sums = spawnSync(goProgram, ["mod", "tidy"], { cwd: app, env: elsewhere, encoding: "utf8" });
    expect(sums).toMatchObject({ status: 0 });
    rmSync(mod, { recursive: true, force: true });
    env = environment();
  });
  const environment = (): Record<string, string> =>
    goEnvironment({ home: join(lab, "home"), cache: mod, buildCache: join(lab, "gocache"), proxy: proxy.address });

  const run = ({ words = ["go", "mod", "download"], env: more = {}, user = root, mounts }: Scene) => {
    const events = join(lab, "events", `${user.uid}.jsonl`);
    const argv = [...command, "run", "--events", events, "--", ...words];
    const all = { ...env, ...more };
    const identity = ["setpriv", `--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
    const { status, stderr } =
      mounts === undefined
        ? runAs(user, argv, { cwd: app, env: all })
        : spawnSync("unshare", ["-m", "sh", "-c", `${mounts} && exec "$@"`, "sh", ...identity, ...argv], {
            cwd: app,
            env: all,
            encoding: "utf8",
          });
    const lines = readFileSync(events, "utf8").trimEnd().split("\n");
    const ended = JSON.parse(lines.at(-1) as string) as CommandEnded;
    const [cause] = ended.causes;
    return { status, stderr, cause: `${cause?.category}/${cause?.subcategory}`, category: cause?.category };
  };

  it("a cache of another user that lacks a module", () => {
    mkdirSync(mod);
    const { status, stderr, category } = run({ user: bob });
    expect({ status, category }).toEqual({ status: 1, category: "fs" });
    expect(stderr).toContain(`at    ${mod}  root:root  drwxr-xr-x`);
    expect(stderr).toContain("who   root can change it");
  });

  it("a cache that root filled with umask 077: the command that is printed makes it pass", () => {
    const filled = runAs({ ...root, umask: 0o077 }, [goProgram, "mod", "download"], { cwd: app, env });
    expect(filled.status).toBe(0);
    const { status, stderr, category } = run({ user: bob, words: ["go", "build", "-o", "/dev/null", "./..."] });
    expect({ status, category }).toEqual({ status: 1, category: "fs" });
    expect(stderr).toContain(`at    ${mod}  root:root  drwx------`);
    const [, command] = /^ +fix +(.*)$/m.exec(stderr) ?? [];
    const again = runAs(bob, ["sh", "-c", `${command}\ngo build -o /dev/null ./...`], { cwd: app, env });
    expect(`${command} ${again.stderr} ${again.status}`).toMatch(/ 0$/);
  });

  it("a read-only file system", () => {
    const mounts = `mount -t tmpfs none ${lab}/small && mount -o remount,ro ${lab}/small`;
    const { stderr, cause } = run({ mounts, env: { GOMODCACHE: join(lab, "small/mod") } });
    expect(cause).toMatch(/^fs\/readonly-fs/);
    expect(stderr).toMatch(/seen .*read-only/);
  });

  it("a full file system", () => {
    const mounts = `mount -t tmpfs -o size=200k none ${lab}/small && mkdir ${lab}/small/mod`;
    const { stderr, category } = run({ mounts, env: { GOMODCACHE: join(lab, "small/mod") } });
    expect(category).toBe("space");
    expect(stderr).toContain(`${lab}/small (tmpfs) has`);
  });

  it("no inodes left", () => {
    const mounts = `mount -t tmpfs -o nr_inodes=12 none ${lab}/small && mkdir ${lab}/small/mod`;
    const { stderr, cause } = run({ mounts, env: { GOMODCACHE: join(lab, "small/mod") } });
    expect(cause).toMatch(/^space\//);
    expect(stderr).toMatch(/has \d+ of 12 inodes left/);
  });

  it.each([
    ["no such host", "https://proxy.invalid", /^net\/dns/, "lookup proxy.invalid: "],
    ["nobody listens", "http://127.0.0.1:1", /^net\/conn-refused/, "dial tcp 127.0.0.1:1: connect: connection refused"],
  ])("the network: %s", (_, address, named, proof) => {
    const { stderr, cause, status } = run({ env: { GOPROXY: address } });
    expect({ status, cause }).toEqual({ status: 1, cause: expect.stringMatching(named) });
    expect(stderr).toMatch(/seen +asked /);
    expect(stderr.replace(/\s+/g, " ")).toContain(proof);
  });

  it("a certificate of an unknown authority, and one that SSL_CERT_FILE trusts", () => {
    const { cause, stderr } = run({ env: { GOPROXY: secure.address } });
    expect(cause).toMatch(/^net\/(tls|x509)/);
    expect(stderr).toContain("x509: certificate signed by unknown authority");
    const trusted = run({ env: { GOPROXY: secure.address, SSL_CERT_FILE: join(lab, "tls/cert.pem") } });
    expect(trusted.status).toBe(0);
  });

  it("an https proxy behind HTTPS_PROXY, trusted and not", async () => {
    const tunnel = await startProxy(join(lab, "proxy"), undefined, new URL(secure.address).port);
    const through = { GOPROXY: "https://modules.invalid", HTTPS_PROXY: tunnel.address };
    const cause = run({ env: through });
    expect(cause).toMatchObject({ status: 1, cause: expect.stringMatching(/^net\/(tls|x509)/) });
    const trusted = run({ env: { ...through, SSL_CERT_FILE: join(lab, "tls/cert.pem") } });
    expect(trusted).toMatchObject({ status: 0, stderr: "" });
    tunnel.stop();
  });

  it("a redirect from https to http, which go does not follow", () => {
    const { stderr } = run({
      env: { GOPROXY: `${secure.address}/to-http`, SSL_CERT_FILE: join(lab, "tls/cert.pem") },
    });
    expect(stderr).toContain(`redirected from secure URL ${secure.address}`);
  });

  it.each([
    [401, /^auth\//],
    [403, /^(auth|net)\//],
    [404, /^resolve\//],
    [410, /^resolve\//],
    [500, /^net\//],
    [502, /^net\//],
    [503, /^net\//],
  ])("a proxy that answers with %i", (code, named) => {
    const { stderr, cause, status } = run({ env: { GOPROXY: `${proxy.address}/${code}` } });
    expect({ status, cause }).toEqual({ status: 1, cause: expect.stringMatching(named) });
    expect(stderr).toContain(`the proxy says ${code}`);
    expect(stderr).toContain(`reading ${proxy.address}/${code}/`);
  });

  it("a zip that is cut off", () => {
    const { stderr, category } = run({ env: { GOPROXY: `${proxy.address}/cut` } });
    expect(category).toBe("net");
    expect(stderr).toContain("cut off");
  });

  it("a sum that is not go.sum's", () => {
    const wrong = readFileSync(join(app, "go.sum"), "utf8").replace(/v1\.2\.0 h1:.{6}/, "v1.2.0 h1:AAAAAA");
    writeFileSync(join(app, "go.sum"), wrong);
    expect(run({}).cause).toMatch(/^sum\//);
  });

  it("an empty go.mod, from the proxy and in the cache", () => {
    const { cause, stderr } = run({ env: { GOPROXY: `${proxy.address}/empty` } });
    expect(cause).toMatch(/^(cache-corrupt|sum)\//);
    expect(stderr).toContain("sent an empty go.mod for example.com/beta v1.2.0");
    rmSync(mod, { recursive: true, force: true });
    expect(run({}).status).toBe(0);
    writeFileSync(join(mod, "cache/download/example.com/beta/@v/v1.2.0.mod"), "");
    const cached = run({ words: ["go", "list", "-m", "all"] });
    expect(cached.cause).toMatch(/^cache-corrupt\//);
    expect(cached.stderr).toContain("more  gomodcache explain mod-file-empty");
  });

  it("git is missing", () => {
    const bin = join(lab, "home/bin");
    mkdirSync(bin);
    for (const name of ["setpriv", "sh"]) symlinkSync(`/usr/bin/${name}`, join(bin, name));
    symlinkSync(goProgram, join(bin, "go"));
    const { cause, stderr } = run({
      words: ["go", "mod", "download", "example.org/repo.git@v1.0.0"],
      env: { GOPROXY: "direct", PATH: bin },
    });
    expect({ cause, stderr }).toMatchObject({ cause: expect.stringMatching(/^(vcs|exec)\//) });
    expect(stderr).toContain("seen  there is no git on PATH");
  });

  it("a work tree of another user: git's dubious ownership", (context) => {
    const made = spawnSync(
      "sh",
      ["-c", "git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -qm x"],
      { cwd: app },
    );
    context.skip(made.status !== 0, "git is not installed");
    expect(runAs(root, [goProgram, "mod", "download"], { cwd: app, env }).status).toBe(0);
    const { cause, stderr } = run({ user: bob, words: ["go", "build", "-o", "/dev/null", "./..."] });
    expect(`${cause} ${stderr}`).toMatch(/^vcs\//);
    expect(stderr.replace(/\s+/g, " ")).toContain(`${app} belongs to root, so that git refuses to work in it`);
  });

  it("a directory for temporary files that is mounted noexec", () => {
    const mounts = `mount -t tmpfs -o noexec none ${lab}/small`;
    const { cause, stderr } = run({ mounts, words: ["go", "run", "."], env: { TMPDIR: join(lab, "small") } });
    expect(cause).toMatch(/^exec\//);
    expect(stderr).toMatch(/noexec/);
  });

  it("GOPROXY=off and a cold cache", () => {
    const { cause, status } = run({ env: { GOPROXY: "off" } });
    expect({ status, cause }).toEqual({ status: 1, cause: expect.stringMatching(/^(config|resolve)\//) });
  });

  it("says nothing of an error of the program's own", () => {
    writeFileSync(join(app, "main.go"), "package main\n\nfunc main() { undefined() }\n");
    const { stderr, cause } = run({ words: ["go", "vet", "."] });
    expect(cause).toBe("undefined/undefined");
    expect(stderr).not.toContain("gomodcache");
  });
});
