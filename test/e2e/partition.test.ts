// Partitions with real go, git, direnv and users: alice may read the private repository, bob may not, and both use one shared cache.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { give, goProgram, root, type TestUser, writeTree } from "./lab.ts";
import { command, gomodcache, type Ran } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";
import { databaseName, RouteLab } from "./route-lab.ts";

const alice: TestUser = { uid: 2001, gid: 2001, groups: [3000], umask: 0o022 };
const bob: TestUser = { uid: 2002, gid: 2002, groups: [3000], umask: 0o022 };
const secret = "the-private-code-of-the-team";
const privateModule = "git.test/team/lib.git";

const withoutDirenv = spawnSync("direnv", ["version"]).error !== undefined;
const missing = withoutDirenv ? " (skipped: direnv is not installed)" : "";

describeOnMachine("partitions", () => {
  const lab = new RouteLab(["example.com/pub"]);
  const at = (...names: string[]): string => join(lab.directory, ...names);
  const homes = new Map([
    [alice, at("alice")],
    [bob, at("bob")],
  ]);
  const homeOf = (user: TestUser): string => homes.get(user) as string;
  const shared = at("shared/mod");
  let settings = "";

  beforeAll(async () => {
    await lab.start();
    settings = [
      `GOMODCACHE=${shared}`,
      `GOPROXY=${lab.address("p0")}`,
      `GOSUMDB=${lab.key}`,
      "GOPRIVATE=git.test",
      "GOFLAGS=-mod=mod",
    ].join("\n");
    const work = at("work");
    writeTree(work, { "go.mod": `module ${privateModule}\n`, "lib.go": `package lib\n\nconst Text = "${secret}"\n` });
    const git = (...args: string[]): void => {
      execFileSync("git", ["-C", work, "-c", "user.name=a", "-c", "user.email=a@git.test", ...args], {
        stdio: "ignore",
      });
    };
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    git("tag", "v1.0.0");
    mkdirSync(at("repos/team"), { recursive: true });
    execFileSync("git", ["clone", "-q", "--bare", work, at("repos/team/lib.git")], { stdio: "ignore" });
    give(at("repos/team/lib.git"), alice.uid, alice.gid);
    // The server's door: only alice gets in.
    chmodSync(at("repos/team/lib.git"), 0o700);
    rmSync(work, { recursive: true });
  }, 120_000);
  afterAll(() => lab.stop());

  beforeEach(() => {
    lab.serve([{ modules: 200, database: 200 }]);
    for (const name of ["shared", "alice", "bob"]) {
      spawnSync("chmod", ["-R", "u+w", at(name)]);
      rmSync(at(name), { recursive: true, force: true });
    }
    for (const [user, home] of homes) {
      writeTree(home, {
        ".config/go/env": `${settings}\n`,
        ".gitconfig": `[url "file://${at("repos")}/"]\n\tinsteadOf = https://git.test/\n[safe]\n\tdirectory = *\n`,
        "open/go.mod": "module open\n\ngo 1.21\n\nrequire example.com/pub v1.0.0\n",
        "open/main.go": 'package main\n\nimport _ "example.com/pub"\n\nfunc main() {}\n',
        "closed/go.mod": `module closed\n\ngo 1.21\n\nrequire example.com/pub v1.0.0\nrequire ${privateModule} v1.0.0\n`,
        "closed/main.go": `package main\n\nimport (\n\t_ "example.com/pub"\n\n\tlib "${privateModule}"\n)\n\nfunc main() { println(lib.Text) }\n`,
      });
      give(home, user.uid, user.gid);
      chmodSync(home, 0o755);
    }
    const made = gomodcache(root, ["init", "--cache-dir", shared, "--owner", "2001", "--group", "3000", "--no-undo"], {
      cwd: "/",
      env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" },
    });
    if (made.status !== 0) throw new Error(made.stderr);
  });

  const envOf = (user: TestUser): Record<string, string> => ({
    PATH: `${dirname(goProgram)}:/usr/bin:/bin`,
    HOME: homeOf(user),
    GOTOOLCHAIN: "local",
    GOTELEMETRY: "off",
    GIT_TERMINAL_PROMPT: "0",
  });
  /** Not spawnSync: the proxy answers in this process. */
  const as = async (user: TestUser, argv: readonly string[], cwd: string, more = {}): Promise<Ran> => {
    const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, `--groups=${user.groups.join(",")}`];
    const child = spawn("setpriv", [...identity, ...argv], { cwd, env: { ...envOf(user), ...more } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    const [status] = (await once(child, "close")) as [number];
    return { status, stdout, stderr };
  };
  const go = (user: TestUser, project: string, ...args: string[]): Promise<Ran> =>
    as(user, [goProgram, ...args], join(homeOf(user), project));
  const tool = (user: TestUser, project: string, ...args: string[]): Promise<Ran> =>
    as(user, [...command, ...args], join(homeOf(user), project));
  const withDirenv = (user: TestUser, project: string, ...argv: string[]): Promise<Ran> =>
    as(user, ["direnv", "exec", ".", ...argv], join(homeOf(user), project));
  /** Files below a directory that this user can read and that have the private code, a zip or a clone of it, or its name. */
  const leaks = async (user: TestUser, ...below: string[]): Promise<string[]> => {
    const { stdout } = await as(user, ["find", ...below, "-type", "f", "-readable"], "/");
    return stdout
      .split("\n")
      .filter((path) => path !== "" && (path.includes("git.test") || readFileSync(path).includes(secret)));
  };

  it("without one, go writes private code where everybody reads it, and the doctor says so", async () => {
    expect(await go(alice, "closed", "mod", "download")).toMatchObject({ status: 0 });
    expect((await leaks(bob, shared)).length).toBeGreaterThan(3);
    expect((await as(bob, ["git", "ls-remote", "https://git.test/team/lib.git"], "/")).status).not.toBe(0);
    // What the rule's page says: bob, who cannot reach the repository, builds with it.
    const stolen = await go(bob, "closed", "run", ".");
    expect(stolen).toMatchObject({ status: 0 });
    expect(stolen.stderr).toContain(secret);
    const doctor = await tool(alice, "closed", "doctor", "--json");
    const { findings } = JSON.parse(doctor.stdout) as {
      findings: { rule: string; severity: string; count: number; fixes: { command: string }[] }[];
    };
    const finding = findings.find(({ rule }) => rule === "private-module-in-shared-cache");
    expect(finding).toMatchObject({ severity: "warning", count: 1 });
    // Its command leaves nothing private, and what is public still serves bob without network.
    expect(await as(alice, ["sh", "-c", finding?.fixes[1]?.command ?? "false"], "/")).toMatchObject({ status: 0 });
    expect(await leaks(alice, join(shared, "git.test"), join(shared, "cache/vcs"))).toEqual([]);
    expect((await leaks(bob, shared)).filter((path) => !path.endsWith("/list"))).toEqual([]);
    expect(
      await as(bob, [goProgram, "build", "-o", "/dev/null", "."], join(homeOf(bob), "open"), { GOPROXY: "off" }),
    ).toMatchObject({ status: 0 });
    const again = await tool(alice, "closed", "doctor", "--json");
    expect(again.stdout).not.toContain("private-module-in-shared-cache");
  }, 120_000);

  it.skipIf(withoutDirenv)(
    `with one, nothing of the project is written to the shared cache, and nobody is told its modules${missing}`,
    async () => {
      expect(await go(bob, "open", "mod", "download")).toMatchObject({ status: 0 });
      const before = spawnSync("find", [shared, "-printf", "%p %s %T@ %m\n"], { encoding: "utf8" }).stdout;
      expect(before).toContain("example.com/pub@v1.0.0");
      const made = await tool(alice, "closed", "init", "--partition", "private", "--persist", "direnv");
      expect(made).toMatchObject({ status: 0 });
      expect(made.stderr).toContain("go to");
      expect((await as(alice, ["direnv", "allow", "."], join(homeOf(alice), "closed"))).status).toBe(0);
      lab.serve([{ modules: 200, database: 200 }]);
      const ran = await withDirenv(alice, "closed", goProgram, "run", ".");
      expect(ran).toMatchObject({ status: 0 });
      expect(ran.stderr).toContain(secret);
      for (const argv of [
        ["mod", "verify"],
        ["list", "-m", "all"],
        ["mod", "download"],
        ["vet", "./..."],
      ])
        expect(await withDirenv(alice, "closed", goProgram, ...argv)).toMatchObject({ status: 0 });
      // The whole project went to the partition, its public module too; the shared cache is byte for byte what it was.
      expect(spawnSync("find", [shared, "-printf", "%p %s %T@ %m\n"], { encoding: "utf8" }).stdout).toBe(before);
      const partition = join(homeOf(alice), ".cache/gomodcache/partitions/private");
      expect(existsSync(join(partition, "mod/example.com/pub@v1.0.0"))).toBe(true);
      expect(existsSync(join(partition, "mod", `${privateModule}@v1.0.0`))).toBe(true);
      // bob finds the private code nowhere but in the project itself, which is alice's to close.
      const inProject = (path: string): boolean => path.startsWith(join(homeOf(alice), "closed"));
      expect((await leaks(bob, lab.directory)).filter((path) => !inProject(path))).toEqual([]);
      expect((await leaks(alice, partition)).length).toBeGreaterThan(3);
      expect(lab.addresses.length).toBeGreaterThan(0);
      expect(lab.addresses.filter((address) => /git\.test|team/.test(address))).toEqual([]);
      expect(lab.addresses.some((address) => address.includes(`/sumdb/${databaseName}/lookup/example.com/pub`))).toBe(
        true,
      );
      const doctor = await withDirenv(alice, "closed", ...command, "doctor", "--json");
      expect(doctor.stdout).not.toContain("private-module-in-shared-cache");
      expect(JSON.parse(doctor.stdout).target).toBe(join(partition, "mod"));
    },
    120_000,
  );

  it.skipIf(withoutDirenv)(
    `go fetches no private module outside of the partition, where GOVCS forbids it${missing}`,
    async () => {
      expect(await go(alice, "closed", "env", "-w", "GOVCS=private:off,public:git|hg")).toMatchObject({ status: 0 });
      const outside = await go(alice, "closed", "build", "-o", "/dev/null", ".");
      expect(outside.status).toBe(1);
      expect(outside.stderr).toContain("GOVCS disallows using git for private git.test/team/lib.git");
      // go takes the lock of a module before it looks at GOVCS: its name is there, and nothing of it.
      expect((await leaks(alice, shared)).filter((path) => !path.endsWith("/v1.0.0.lock"))).toEqual([]);
      writeFileSync(join(homeOf(alice), "closed/.envrc"), "export GOVCS='private:all,public:git|hg'\n");
      give(join(homeOf(alice), "closed/.envrc"), alice.uid, alice.gid);
      expect(await tool(alice, "closed", "init", "--partition", "private", "--persist", "direnv")).toMatchObject({
        status: 0,
      });
      expect((await as(alice, ["direnv", "allow", "."], join(homeOf(alice), "closed"))).status).toBe(0);
      expect(await withDirenv(alice, "closed", goProgram, "build", "-o", "/dev/null", ".")).toMatchObject({
        status: 0,
      });
      expect((await leaks(alice, shared)).filter((path) => !path.endsWith("/v1.0.0.lock"))).toEqual([]);
    },
    120_000,
  );

  it("a group shares one, and nobody else reads it", async () => {
    const base = at("shared/domains");
    mkdirSync(base);
    give(base, alice.uid, alice.gid);
    const made = await tool(alice, "closed", "init", "--partition", "team", "--group", "3000", "--partition-dir", base);
    expect(made).toMatchObject({ status: 0 });
    const modules = join(base, "partitions/team/mod");
    expect(made.stderr).toContain(`GOMODCACHE=${modules} GOCACHE="$HOME"/.cache/gomodcache/partitions/team/build`);
    expect(spawnSync("stat", ["-c", "%a %g", join(base, "partitions/team")], { encoding: "utf8" }).stdout).toBe(
      "2770 3000\n",
    );
    const closed = { GOMODCACHE: modules };
    expect((await as(alice, [goProgram, "mod", "download"], join(homeOf(alice), "closed"), closed)).status).toBe(0);
    const colleague = await as(bob, [goProgram, "mod", "verify"], join(homeOf(bob), "closed"), {
      ...closed,
      GOPROXY: "off",
    });
    expect(colleague).toMatchObject({ status: 0, stdout: "all modules verified\n" });
    const carol: TestUser = { uid: 2003, gid: 2003, groups: [2003], umask: 0o022 };
    homes.set(carol, at("bob"));
    expect(await leaks(carol, base)).toEqual([]);
    expect((await leaks(bob, base)).length).toBeGreaterThan(3);
    homes.delete(carol);
    const doctor = await as(alice, [...command, "doctor", "--json"], "/", closed);
    expect(doctor.stdout).not.toContain("private-module-in-shared-cache");
  }, 60_000);

  it("makes none for a user whose home directory it cannot know", () => {
    const made = gomodcache(root, ["init", "--partition", "team", "--owner", "2001", "--no-undo"], {
      cwd: "/",
      env: { PATH: envOf(alice)["PATH"] as string, HOME: homeOf(alice) },
    });
    expect(made.status).toBe(2);
    expect(existsSync(join(homeOf(alice), ".cache"))).toBe(false);
  });

  it("refuses what would open it, before anything is made", async () => {
    for (const more of [
      ["--umask", "022"],
      ["--cache-dir", shared],
      ["--persist", "go-env"],
      ["--contract", "group"],
      ["--group", "3000"],
      ["--adopt", shared],
      ["--", "true"],
    ])
      expect((await tool(alice, "closed", "init", "--partition", "private", ...more)).status, more.join(" ")).toBe(2);
    expect((await tool(alice, "closed", "init", "--partition", "../x")).status).toBe(2);
    expect((await tool(alice, "closed", "init", "--persist", "direnv")).status).toBe(2);
    expect((await tool(alice, "closed", "init", "--for", ".")).status).toBe(2);
    expect(existsSync(join(homeOf(alice), ".cache"))).toBe(false);
    mkdirSync(join(homeOf(alice), ".cache/gomodcache/partitions/private"), { recursive: true });
    give(join(homeOf(alice), ".cache"), alice.uid, alice.gid);
    const open = await tool(alice, "closed", "init", "--partition", "private");
    expect(open.status).toBe(1);
    expect(open.stderr).toContain("chmod 0700");
  }, 60_000);
});
