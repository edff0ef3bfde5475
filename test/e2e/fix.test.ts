// fix, init and undo as programs, on caches that the real go made.
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { goldenModules } from "./golden-lab.ts";
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
import { command, gomodcache, type Ran } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

const alice: TestUser = { uid: 2001, gid: 2001, groups: [3000], umask: 0o022 };
const path = { PATH: "/usr/bin:/bin" };

describeOnMachine("fix and undo", () => {
  let lab: string;
  let original: string;
  let cache: string;
  let env: Record<string, string>;

  beforeAll(() => {
    lab = makeLab("fix");
    original = join(lab, "original");
    const proxy = makeProxy(join(lab, "proxy"), goldenModules);
    writeTree(join(lab, "app"), { "go.mod": "module example.org/app\n\ngo 1.18\n" });
    env = {
      ...goEnvironment({ home: lab, cache: original, buildCache: join(lab, "build"), proxy }),
      GOFLAGS: "-mod=mod",
    };
    const modules = goldenModules.map((module) => `${module.path}@${module.version}`);
    const made = runAs(root, [goProgram, "mod", "download", ...modules], { cwd: join(lab, "app"), env });
    if (made.status !== 0) throw new Error(made.stderr);
  });
  afterAll(() => removeLab(lab));
  beforeEach(() => {
    cache = join(lab, "m");
    env = { ...env, GOMODCACHE: cache };
    spawnSync("rm", ["-rf", cache, join(lab, "state")]);
    cpSync(original, cache, { recursive: true, preserveTimestamps: true });
    execFileSync("cp", ["-aT", original, cache]);
    mkdirSync(join(lab, "state"), { mode: 0o700 });
  });

  /** Everything about every entry but times, sorted. */
  const metadata = (): string => {
    const { stdout } = runAs(
      root,
      ["sh", "-c", `find . -printf '%p %y %m %U %G %s\\n' | sort; getfacl -R -s -p -n .`],
      { cwd: cache, env: path },
    );
    return stdout;
  };
  const run = (user: TestUser, ...args: string[]): Ran =>
    gomodcache(user, [...args, "--state-dir", join(lab, "state")], { cwd: lab, env, alone: true });
  const fix = (...args: string[]): Ran => run(root, "fix", "--cache-dir", cache, ...args);
  const record = (name: string): string => join(cache, "cache/download/example.com", name);

  describe("a cache spoiled by root, by umask 077 and by an interrupted go clean", () => {
    beforeEach(() => {
      execFileSync("chown", ["-R", "2001:2001", cache]);
      execFileSync("chown", ["-R", "0:0", join(cache, "example.com/alpha@v1.1.0"), record("alpha/@v/list")]);
      execFileSync("chmod", ["-R", "go=", join(cache, "example.com/!beta@v1.0.0")]);
      for (const name of ["", "sub"]) chmodSync(join(cache, "example.com/alpha@v1.0.0", name), 0o777);
    });

    it("is repaired, works, and undo brings the former metadata back", () => {
      const before = metadata();
      expect(runAs(alice, [goProgram, "mod", "verify"], { cwd: join(lab, "app"), env })).toBeDefined();
      const fixed = fix("--yes");
      expect(fixed.stdout).toContain("nothing departs any more");
      expect(fixed.status).toBe(0);
      expect(spawnSync("find", [cache, "!", "-uid", "2001"], { encoding: "utf8" }).stdout).toBe("");
      expect(lstatSync(join(cache, "example.com/alpha@v1.0.0/sub")).mode & 0o7777).toBe(0o555);
      expect(fix("--yes").stdout).toContain("Nothing to do");
      const undone = run(root, "undo");
      expect(undone.status).toBe(0);
      expect(metadata()).toBe(before);
      // And the undo itself can be taken back.
      const [last] = JSON.parse(run(root, "undo", "--list", "--json").stdout).runs as [{ id: string; undoes: string }];
      expect(run(root, "undo", last.id).status).toBe(0);
      expect(fix("--yes").stdout).toContain("Nothing to do");
    });

    it("is not changed by what only tells", () => {
      const before = metadata();
      const planned = JSON.parse(fix("--dry-run", "--json").stdout) as {
        plan: { path: string; from: object; to: object }[];
      };
      expect(planned.plan).toContainEqual(
        expect.objectContaining({
          path: join(cache, "example.com/alpha@v1.0.0/sub"),
          kind: "source-directory",
          from: { uid: 2001, gid: 2001, mode: "0777" },
          to: { uid: 2001, gid: 2001, mode: "0555" },
        }),
      );
      expect(fix().stderr).toContain("there is no terminal to ask at");
      expect(fix().status).toBe(2);
      expect(fix("--plan-out", join(lab, "plan.json")).status).toBe(0);
      expect(fix("--print-commands").stdout).toContain("chown -h 2001:2001");
      expect(metadata()).toBe(before);
      expect(readdirSync(join(lab, "state"))).toEqual([]);
    });

    it("is repaired by the printed commands alike", () => {
      writeFileSync(join(lab, "repair.sh"), fix("--print-commands").stdout);
      execFileSync("sh", [join(lab, "repair.sh")]);
      expect(fix("--yes").stdout).toContain("Nothing to do");
    });

    it("is repaired by a plan that is still true, and by no other", () => {
      const file = join(lab, "plan.json");
      expect(fix("--plan-out", file).status).toBe(0);
      const before = metadata();
      const text = readFileSync(file, "utf8");
      writeFileSync(file, text.replace('"uid": 2001', '"uid": 2002'));
      const edited = run(root, "fix", "--plan", file, "--yes");
      expect(edited.status).toBe(1);
      expect(edited.stderr).toContain("stale or was edited");
      writeFileSync(file, text.replaceAll('"mode": "0555"', '"mode": "0777"'));
      expect(run(root, "fix", "--plan", file, "--yes").status).toBe(1);
      writeFileSync(file, text);
      chmodSync(record("alpha/@v/list"), 0o600);
      expect(run(root, "fix", "--plan", file, "--yes").stderr).toContain("stale");
      chmodSync(record("alpha/@v/list"), 0o644);
      expect(metadata()).toBe(before);
      expect(fix("--plan-out", file).status).toBe(0);
      expect(run(root, "fix", "--plan", file, "--yes").status).toBe(0);
      expect(fix("--yes").stdout).toContain("Nothing to do");
      for (const bad of ["", "{}", "[]", "null", '{"gomodcache":"plan","version":1}']) {
        writeFileSync(file, bad);
        expect(run(root, "fix", "--plan", file, "--yes")).toMatchObject({ status: 2 });
      }
    });

    it("is left to an administrator by a user who may not", () => {
      const before = metadata();
      const tried = gomodcache(alice, ["fix", "--cache-dir", cache, "--yes", "--no-undo"], {
        cwd: lab,
        env,
        alone: true,
      });
      expect(tried.status).toBe(4);
      expect(tried.stdout).toContain("sudo gomodcache-init");
      expect(tried.stdout).toContain(record("alpha/@v/list"));
      // What is alice's own, she has repaired.
      expect(lstatSync(join(cache, "example.com/alpha@v1.0.0")).mode & 0o7777).toBe(0o555);
      expect(metadata()).not.toBe(before);
    });

    it("is repaired only where a rule says so", () => {
      const only = fix("--yes", "--only", "world-writable-after-clean");
      expect(only.stdout).toContain("Changed 2 of 2 entries");
      expect(lstatSync(record("alpha/@v/list")).uid).toBe(0);
      expect(fix("--yes", "--only", "no-such-rule")).toMatchObject({ status: 2 });
      expect(fix("--yes", "--only", "checksum-database-off").stderr).toContain("not about owners and modes");
    });
  });

  it("skips and names on undo what was changed after the run", () => {
    execFileSync("chmod", ["-R", "go=", cache]);
    const list = record("alpha/@v/list");
    const zip = record("alpha/@v/v1.0.0.zip");
    expect(fix("--yes", "--umask", "022").status).toBe(0);
    chmodSync(list, 0o640);
    rmSync(zip);
    writeFileSync(zip, "another");
    // Undo goes by what the journal says of each entry, and claims no contract.
    const told = JSON.parse(run(root, "undo", "--dry-run", "--json").stdout);
    expect(told).not.toHaveProperty("contract");
    const kinds = Object.fromEntries(told.plan.map((one: { path: string; kind: string }) => [one.path, one.kind]));
    expect(kinds).toMatchObject({ [cache]: "root", [record("alpha/@v/v1.1.0.zip")]: "zip" });
    const undone = run(root, "undo");
    expect(undone.status).toBe(1);
    expect(undone.stdout.replace(/\s+/g, " ")).toContain("changed after the run");
    expect(undone.stdout).toContain("something else is there now");
    expect(lstatSync(list).mode & 0o777).toBe(0o640);
    expect(lstatSync(record("alpha/@v/v1.1.0.zip")).mode & 0o777).toBe(0o600);
  });

  it("keeps ACLs for undo", () => {
    execFileSync("setfacl", ["-m", "u:4000:rwx,m::rwx", record("alpha/@v")]);
    execFileSync("setfacl", ["-d", "-m", "g:4001:rwx", record("alpha")]);
    execFileSync("setfacl", ["-m", "g:4001:r", record("alpha/@v/list")]);
    const before = metadata();
    expect(before).toContain("4000");
    expect(fix("--yes", "--umask", "022").status).toBe(0);
    expect(metadata()).not.toMatch(/400[01]/);
    expect(run(root, "undo").status).toBe(0);
    expect(metadata()).toBe(before);
    expect(fix("--yes", "--contract", "group", "--group", "3000", "--owner", "2001", "--from", "0").status).toBe(0);
    expect(metadata()).toContain("default:group:3000:rwx");
    expect(metadata()).not.toMatch(/400[01]/);
    expect(run(root, "undo").status).toBe(0);
    expect(metadata()).toBe(before);
  });

  it("refuses a journal that was tampered with, and does nothing", () => {
    execFileSync("chmod", ["-R", "go=", cache]);
    expect(fix("--yes", "--umask", "022").status).toBe(0);
    const repaired = metadata();
    const [name = ""] = readdirSync(join(lab, "state"));
    const journal = join(lab, "state", name);
    const text = readFileSync(journal, "utf8");
    const refused = (said: string): void => {
      const { status, stderr } = run(root, "undo", name.slice(0, -".journal".length));
      expect(stderr).toContain(said);
      expect(status).toBe(1);
      expect(metadata()).toBe(repaired);
    };
    writeFileSync(journal, text.replace('"mode":"0600"', '"mode":"0666"'));
    refused("was changed after it was written");
    writeFileSync(journal, text);
    chmodSync(journal, 0o666);
    refused("could have been written by somebody else");
    chmodSync(journal, 0o600);
    chmodSync(join(lab, "state"), 0o777);
    refused("others can enter it");
    chmodSync(join(lab, "state"), 0o700);
    rmSync(journal);
    writeFileSync(join(lab, "elsewhere"), text, { mode: 0o600 });
    symlinkSync(join(lab, "elsewhere"), journal);
    expect(run(root, "undo", name.slice(0, -".journal".length)).status).not.toBe(0);
    expect(metadata()).toBe(repaired);
    // A last line that was cut off speaks of what had not begun.
    rmSync(journal);
    writeFileSync(journal, text.slice(0, -20), { mode: 0o600 });
    expect(run(root, "undo", name.slice(0, -".journal".length)).status).toBe(0);
  });

  describe("broken contents", () => {
    const break_ = (): void => {
      truncateSync(record("alpha/@v/v1.0.0.ziphash"));
      writeFileSync(record("alpha/@v/v1.1.0.ziphash"), "torn");
      truncateSync(record("!beta/@v/v1.0.0.mod"));
      writeFileSync(record("unused/@v/v1.0.0.partial"), "");
      writeFileSync(record("unused/@v/v1.0.0.zip123456.tmp"), "half");
      const old = new Date(Date.now() - 3 * 60 * 60 * 1000);
      utimesSync(record("unused/@v/v1.0.0.zip123456.tmp"), old, old);
    };
    const listing = (): string[] => spawnSync("find", [cache], { encoding: "utf8" }).stdout.split("\n").sort();

    it("are removed, and only they; go makes them anew", () => {
      break_();
      const before = listing();
      const fixed = fix("--yes", "--owner", "0");
      expect(fixed.stdout).toContain("nothing departs any more");
      const after = new Set(listing());
      const gone = before.filter((name) => !after.has(name)).map((name) => name.slice(cache.length + 1));
      expect(gone).toEqual([
        "cache/download/example.com/!beta/@v/v1.0.0.mod",
        "cache/download/example.com/alpha/@v/v1.0.0.ziphash",
        "cache/download/example.com/alpha/@v/v1.1.0.ziphash",
        "cache/download/example.com/unused/@v/v1.0.0.partial",
        "cache/download/example.com/unused/@v/v1.0.0.zip123456.tmp",
        "example.com/unused@v1.0.0",
        "example.com/unused@v1.0.0/go.mod",
        "example.com/unused@v1.0.0/u.go",
      ]);
      expect(run(root, "undo").stdout).toContain("6 broken files and trees stay removed: go makes them anew");
      const modules = goldenModules.map((module) => `${module.path}@${module.version}`);
      expect(runAs(root, [goProgram, "mod", "download", ...modules], { cwd: join(lab, "app"), env })).toMatchObject({
        status: 0,
      });
      expect(gomodcache(root, ["verify", "--cache-dir", cache], { cwd: lab, env, alone: true }).stdout).toContain(
        "Healthy",
      );
    });

    it("that only reading shows are removed with --verify, and what may be lost with --unsafe alone", () => {
      const tree = join(cache, "example.com/alpha@v1.0.0");
      chmodSync(join(tree, "a.go"), 0o644);
      appendFileSync(join(tree, "a.go"), "// changed\n");
      chmodSync(join(tree, "a.go"), 0o444);
      truncateSync(record("unused/@v/v1.0.0.zip"), 100);
      expect(fix("--yes", "--owner", "0").stdout).toContain("Nothing to do");
      const verified = fix("--yes", "--owner", "0", "--verify");
      expect(verified.stdout).toContain("--unsafe");
      expect(existsSync(tree)).toBe(false);
      expect(existsSync(record("unused/@v/v1.0.0.zip"))).toBe(true);
      fix("--yes", "--owner", "0", "--verify", "--unsafe");
      expect(existsSync(record("unused/@v/v1.0.0.zip"))).toBe(false);
      expect(existsSync(record("alpha/@v/v1.0.0.zip"))).toBe(true);
    });

    it("are left alone while go holds the lock of the module, or could use the cache", () => {
      break_();
      const lock = record("alpha/@v/v1.0.0.lock");
      const script = `${command.join(" ")} fix --yes --owner 0 --cache-dir ${cache} --no-undo`;
      const locked = runAs(root, ["sh", "-c", `flock -x ${lock} sleep 3 & sleep 0.3; ${script}`], {
        cwd: lab,
        env,
        alone: true,
      });
      expect(locked.stdout).toMatch(/skipped {2}.*v1\.0\.0\.ziphash: go holds the module's lock\s+\(process \d+/s);
      expect(existsSync(record("alpha/@v/v1.0.0.ziphash"))).toBe(true);
      expect(existsSync(record("alpha/@v/v1.1.0.ziphash"))).toBe(false);
      // A program called go that runs on this cache.
      writeFileSync(record("alpha/@v/v1.1.0.ziphash"), "torn");
      cpSync("/bin/sleep", join(lab, "go"));
      const busy = runAs(root, ["sh", "-c", `${join(lab, "go")} 5 & ${script}; kill $!`], {
        cwd: lab,
        env,
        alone: true,
      });
      expect(busy.stdout).toMatch(/process \d+ of user 0 .* could be using the\s+cache/s);
      expect(existsSync(record("alpha/@v/v1.1.0.ziphash"))).toBe(true);
    });
  });

  it("never touches what is not a module cache", () => {
    mkdirSync(join(lab, "data"));
    writeFileSync(join(lab, "data/file"), "mine");
    chownSync(join(lab, "data"), 2001, 2001);
    const init = (directory: string, ...more: string[]): Ran =>
      run(root, "init", "--cache-dir", directory, "--owner", "2002:2002", ...more);
    for (const directory of ["/", "/home", "/etc", "/usr/lib/x", "/root", "/tmp"]) {
      expect(init(directory)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("cannot be the module cache"),
      });
    }
    expect(init(join(lab, "data"))).toMatchObject({ status: 1, stderr: expect.stringContaining("--adopt") });
    expect(lstatSync(join(lab, "data")).uid).toBe(2001);
    expect(init(join(lab, "data"), "--adopt", join(lab, "other")).status).toBe(2);
    expect(init(join(lab, "data"), "--adopt", join(lab, "data"), "--from", "0").status).toBe(0);
    expect(lstatSync(join(lab, "data/file")).uid).toBe(2002);
  });

  it("tells bad input apart", () => {
    const init = (...args: string[]): Ran => run(root, "init", "--cache-dir", cache, ...args);
    const before = metadata();
    for (const [args, said] of [
      [["--umask", "8"], "not an octal umask"],
      [["--umask", "0"], "lets everybody write"],
      [["--umask", "022", "--contract", "group"], "needs the group"],
      [["--umask", "002", "--contract", "private"], "lets the group write"],
      [["--owner", "4294967295"], "no user or group ID"],
      [["--owner", "nobody-has-this-name"], "no user is called"],
      [["--group", "4294967295"], "no group ID"],
      [["--group", "no-such-group"], "no group is called"],
      [["--contract", "public"], "Allowed choices"],
      [["--from", "alice"], "give UIDs"],
    ] as const) {
      const { status, stderr } = init(...args);
      expect(stderr).toContain(said);
      expect(status).toBe(2);
      expect(stderr).not.toContain("    at ");
    }
    const inside = ["init", "--cache-dir", cache, "--owner", "1", "--state-dir", join(cache, "state")];
    expect(gomodcache(root, inside, { cwd: lab, env })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("lies in the cache"),
    });
    expect(metadata()).toBe(before);
  });
});
