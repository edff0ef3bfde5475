// Several users, real umasks, real go: sequences that fail in a spoiled cache pass after init. By hand, many more:
// SEQUENCES=300 SEED=7 npx vitest run test/e2e/share.test.ts
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenModules } from "./golden-lab.ts";
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
import { gomodcache, type Ran } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

const seed = Number(process.env["SEED"] ?? 20261124);
const sequences = Number(process.env["SEQUENCES"] ?? 10);
const group = 3000;
const users: readonly TestUser[] = [
  { uid: 2001, gid: 2001, groups: [group], umask: 0o022 },
  { uid: 2002, gid: 2002, groups: [group], umask: 0o027 },
  { uid: 2003, gid: 2003, groups: [group], umask: 0o077 },
];
const [alice] = users as [TestUser, ...TestUser[]];

/** Mulberry32: the same numbers for the same seed everywhere. */
function random(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

describeOnMachine(`sharing with real go, seed ${seed}`, () => {
  let lab: string;
  let proxy: string;
  let cache: string;

  beforeAll(() => {
    lab = makeLab("share");
    proxy = makeProxy(join(lab, "proxy"), goldenModules);
    cache = join(lab, "m");
    for (const user of [root, ...users]) {
      mkdirSync(join(lab, `home${user.uid}`), { mode: 0o700 });
      chownSync(join(lab, `home${user.uid}`), user.uid, user.gid);
    }
    mkdirSync(join(lab, "state"), { mode: 0o700 });
  });
  afterAll(() => removeLab(lab));

  const environment = (user: TestUser): Record<string, string> => {
    const home = join(lab, `home${user.uid}`);
    return { ...goEnvironment({ home, cache, buildCache: join(home, "build"), proxy }), GOFLAGS: "-mod=mod" };
  };
  const projectOf = (user: TestUser): string => join(lab, `home${user.uid}`, "app");
  const freshProject = (user: TestUser): void => {
    const at = projectOf(user);
    rmSync(at, { recursive: true, force: true });
    writeTree(at, {
      "go.mod": "module example.org/app\n\ngo 1.18\n\nrequire example.com/alpha v1.0.0\n",
      "main.go": 'package main\n\nimport "example.com/alpha"\n\nfunc main() { println(alpha.A()) }\n',
    });
    give(at, user.uid, user.gid);
  };
  const go = (user: TestUser, ...args: string[]): Ran =>
    runAs(user, [goProgram, ...args], { cwd: projectOf(user), env: environment(user) });
  const init = (...args: string[]): Ran =>
    gomodcache(root, ["init", "--cache-dir", cache, "--state-dir", join(lab, "state"), ...args], {
      cwd: lab,
      env: environment(root),
    });

  const commands: readonly (readonly string[])[] = [
    ["mod", "download", "example.com/alpha@v1.0.0"],
    ["mod", "download", "example.com/alpha@v1.1.0"],
    ["mod", "download", "example.com/Beta@v1.0.0", "example.com/unused@v1.0.0"],
    ["build", "-o", "/dev/null", "./..."],
    ["get", "example.com/alpha@v1.1.0"],
    ["get", "example.com/alpha@v1.0.0"],
    ["get", "example.com/Beta@v1.0.0"],
    ["get", "example.com/gamma@v0.0.0-20240102030405-abcdefabcdef"],
    ["mod", "tidy"],
    ["list", "-m", "-versions", "example.com/alpha"],
  ];

  /** Each user does something, in random order, and then some more. @returns what failed */
  const play = (draw: (below: number) => number): string[] => {
    const failures: string[] = [];
    for (const user of users) freshProject(user);
    const order = [...users].sort(() => draw(2) - 0.5);
    const more = Array.from({ length: 3 }, () => users[draw(users.length)] as TestUser);
    for (const user of [...order, ...more]) {
      const command = commands[draw(commands.length)] as readonly string[];
      const { status, stderr } = go(user, ...command);
      const denied = stderr.includes("permission denied") || stderr.includes("not permitted");
      if (status !== 0 || denied)
        failures.push(`${user.uid}: go ${command.join(" ")}: ${status} ${stderr.slice(0, 300)}`);
    }
    return failures;
  };
  const spoil = (how: number): void => {
    removeCache();
    freshProject(alice);
    mkdirSync(join(lab, "home0/app"), { recursive: true });
    cpSync(projectOf(alice), join(lab, "home0/app"), { recursive: true });
    const by: TestUser[] = [root, { ...root, umask: 0o077 }, users[how % 3] as TestUser];
    const filler = by[how % by.length] as TestUser;
    if (filler.uid !== 0) {
      mkdirSync(cache);
      chownSync(cache, filler.uid, filler.gid);
    }
    const { status, stderr } = go(
      filler,
      "mod",
      "download",
      "example.com/alpha@v1.0.0",
      "example.com/gamma@v0.0.0-20240102030405-abcdefabcdef",
    );
    if (status !== 0) throw new Error(stderr);
  };
  const removeCache = (): void => {
    if (existsSync(cache)) runAs(root, ["rm", "-rf", cache], { cwd: "/", env: { PATH: "/usr/bin:/bin" } });
  };

  it("fails before: somebody cannot read or write what somebody else made", () => {
    for (const how of [0, 1, 2]) {
      spoil(how);
      expect(play(random(seed + how)).join("\n")).toMatch(/permission denied/);
    }
  });

  for (let from = 0; from < sequences; from += 5) {
    const to = Math.min(from + 5, sequences);
    it(`passes after init --contract group, sequences ${from} to ${to - 1}`, { timeout: 600_000 }, () => {
      for (let number = from; number < to; number += 1) {
        const draw = random(seed * 1000 + number);
        spoil(draw(30));
        const made = init("--contract", "group", "--group", String(group), "--owner", "2001");
        expect(made.stdout + made.stderr).toContain("run code as the others");
        expect(made.status).toBe(0);
        expect(play(draw)).toEqual([]);
        // What the users added keeps the contract, whatever their umasks.
        const again = init(
          "--contract",
          "group",
          "--group",
          String(group),
          "--owner",
          "2001",
          "--deep",
          "--dry-run",
          "--json",
        );
        expect((JSON.parse(again.stdout) as { plan: unknown[] }).plan).toEqual([]);
      }
    });
  }

  describe("one user's cache", () => {
    it("works again after a sudo go build", () => {
      removeCache();
      mkdirSync(cache);
      chownSync(cache, alice.uid, alice.gid);
      freshProject(alice);
      expect(go(alice, "mod", "download", "example.com/alpha@v1.0.0").status).toBe(0);
      mkdirSync(join(lab, "home0/app"), { recursive: true });
      cpSync(projectOf(alice), join(lab, "home0/app"), { recursive: true });
      expect(go({ ...root, umask: 0o077 }, "mod", "download", "example.com/Beta@v1.0.0").status).toBe(0);
      expect(go(alice, "get", "example.com/Beta@v1.0.0").stderr).toContain("permission denied");
      const repaired = gomodcache(root, ["fix", "--cache-dir", cache, "--state-dir", join(lab, "state"), "--yes"], {
        cwd: lab,
        env: environment(root),
      });
      expect(repaired.stdout).toContain("nothing departs any more");
      expect(go(alice, "get", "example.com/Beta@v1.0.0")).toMatchObject({ status: 0 });
      // The directory itself is in one of root's, which is all that go clean trips over.
      go(alice, "clean", "-modcache");
      expect(readdirSync(cache)).toEqual([]);
    });

    it("works for the user of an image that was built as root", () => {
      spoil(0);
      chmodSync(cache, 0o755);
      freshProject(alice);
      expect(go(alice, "get", "example.com/alpha@v1.1.0").stderr).toContain("permission denied");
      expect(init("--owner", "2001:2001", "--umask", "022")).toMatchObject({ status: 0 });
      expect(go(alice, "get", "example.com/alpha@v1.1.0")).toMatchObject({ status: 0 });
      expect(init("--owner", "2001:2001", "--umask", "022", "--deep").stdout).toContain("Nothing to do");
    });

    it("is a store for readers under the contract readonly", () => {
      spoil(1);
      expect(init("--owner", "2003", "--contract", "readonly")).toMatchObject({ status: 0 });
      freshProject(alice);
      const env = { ...environment(alice), GOPROXY: "off" };
      const build = runAs(alice, [goProgram, "build", "-o", "/dev/null", "./..."], { cwd: projectOf(alice), env });
      expect(build).toMatchObject({ status: 0 });
    });
  });

  it("refuses to start in strict mode where the group cannot write, and changes nothing", () => {
    removeCache();
    mkdirSync(cache);
    chownSync(cache, 2001, group);
    chmodSync(cache, 0o2775);
    freshProject(alice);
    expect(go(alice, "mod", "download", "example.com/alpha@v1.0.0").status).toBe(0);
    const before = runAs(root, ["find", cache, "-printf", "%p %m %u %g %C@\\n"], {
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
    });
    const strict = init("--owner", "2001", "--group", String(group), "--umask", "002", "--strict-mode");
    expect(strict.status).toBe(1);
    expect(strict.stderr).toContain("the group cannot write");
    expect(strict.stderr).toContain("cache/download/example.com/alpha/@v/list");
    const after = runAs(root, ["find", cache, "-printf", "%p %m %u %g %C@\\n"], {
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
    });
    expect(after.stdout).toBe(before.stdout);
  });
});
