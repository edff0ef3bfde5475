import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UserError } from "../../src/error.ts";
import type { Facts, Place } from "../../src/facts/facts.ts";
import { type FactsOptions, readFacts } from "../../src/host/facts.ts";
import { asUser, isRoot, notRoot, openDirectory, printedBy } from "./as-user.ts";

let directory: string;
let home: string;
const at = (name: string): string => join(directory, name);
const read = (options: Partial<FactsOptions> = {}, environment: Record<string, string> = {}): Facts =>
  readFacts({
    environment: { HOME: home, PATH: process.env["PATH"], ...environment },
    directory,
    ...options,
  });
const place = (facts: Facts, name: Place["name"]): Place | undefined =>
  facts.places.find((found) => found.name === name);

beforeEach(() => {
  directory = openDirectory("facts");
  home = at("home");
  mkdirSync(home);
});
afterEach(() => rmSync(directory, { recursive: true }));

test("the facts of a machine without a cache", () => {
  const facts = read();
  expect(facts).toMatchObject({
    platform: process.platform,
    subject: { self: true, subject: { uid: process.getuid?.() } },
    environment: { HOME: home },
    cache: { path: join(home, "go/pkg/mod"), state: "missing", creatable: { verdict: "yes" } },
    acls: { value: true },
  });
  expect(facts.cache).not.toHaveProperty("writable");
  expect(facts.cache.space?.totalBytes).toBeGreaterThan(0);
  expect(place(facts, "HOME")).toMatchObject({
    path: home,
    writable: { verdict: "yes" },
    readable: { verdict: "yes" },
  });
  expect(place(facts, "GOCACHE")).toMatchObject({ entry: "absent", writable: { verdict: "yes" } });
  expect(place(facts, "GOENV")).toMatchObject({ path: join(home, ".config/go/env"), writable: { verdict: "yes" } });
  expect(place(facts, "GOPATH/pkg/sumdb")).toMatchObject({ path: join(home, "go/pkg/sumdb") });
});

test("nothing is written anywhere", (context) => {
  const traced = at("trace");
  const code = `import { readFacts } from "/src/host/facts.ts";
    readFacts({ environment: process.env, directory: "/" });
    console.log("1");`;
  const strace = ["strace", "-f", "-z", "-o", traced, "-e", "trace=%file,ftruncate,fchmod,fchown"];
  context.skip(spawnSync("strace", ["-V"]).status !== 0, "needs strace");
  printedBy(code, strace, { HOME: home });
  const calls = readFileSync(traced, "utf8").split("\n");
  // Both this program and the go that it asked were seen.
  expect(calls.some((call) => call.includes("mountinfo"))).toBe(true);
  expect(calls.some((call) => /execve\(.*"env", "-json"/.test(call)) || read().go.program === undefined).toBe(true);
  const changing =
    /^\d+ +(mkdir|unlink|rename|chmod|fchmod|chown|fchown|link|symlink|mknod|truncate|ftruncate|rmdir|utime|setxattr)|O_CREAT|O_WRONLY|O_TRUNC|O_RDWR/;
  expect(calls.filter((call) => changing.test(call) && !/"\/dev\/(null|tty)"/.test(call))).toEqual([]);
  expect(execFileSync("find", [home], { encoding: "utf8" })).toBe(`${home}\n`);
});

test("the states of a cache", () => {
  writeFileSync(at("file"), "");
  symlinkSync("nowhere", at("dangling"));
  mkdirSync(at("mod/cache"), { recursive: true });
  symlinkSync("mod", at("link"));
  const state = (cacheDirectory: string) => read({ cacheDirectory }).cache;
  expect(state("file")).toMatchObject({ path: at("file"), state: "not-a-directory", entry: { type: "file" } });
  expect(state(at("dangling"))).toMatchObject({ state: "dangling-link", creatable: { verdict: "no" } });
  expect(state("mod")).toMatchObject({ state: "directory", origin: "--cache-dir", writable: { verdict: "yes" } });
  expect(state("./link/")).toMatchObject({ path: at("link"), realPath: at("mod"), state: "directory" });
  expect(state("none/of/this")).toMatchObject({
    state: "missing",
    path: at("none/of/this"),
    realPath: at("none/of/this"),
  });
  expect(state("file/below")).toMatchObject({ state: "missing", creatable: { verdict: "no", at: at("file") } });
});

test("where the cache comes from", () => {
  expect(read({}, { GOMODCACHE: at("mod") }).cache).toMatchObject({ path: at("mod"), origin: "GOMODCACHE" });
  expect(read({ cacheDirectory: at("x") }, { GOMODCACHE: at("mod") }).cache).toMatchObject({ path: at("x") });
  expect(read({}, { GOMODCACHE: "mod" }).cache).toEqual({
    path: "mod",
    realPath: "mod",
    origin: "GOMODCACHE",
    state: "relative",
  });
  expect(read({}, { HOME: "" }).cache).toMatchObject({ path: "", state: "unset" });
  mkdirSync(join(home, ".config/go"), { recursive: true });
  writeFileSync(join(home, ".config/go/env"), `GOMODCACHE=${at("file")}\n`);
  expect(read().cache).toMatchObject({ path: at("file"), origin: "go env" });
  expect(read({ goProgram: "/no/such/go" }).cache).toMatchObject({ path: at("file"), origin: "go env" });
  rmSync(join(home, ".config"), { recursive: true });
  expect(read({ goProgram: "./none" })).toMatchObject({
    cache: { origin: "default" },
    go: { source: "defaults", problem: `there is no program ${at("none")}` },
  });
});

test("a relative GOPATH, which go refuses, is told", () => {
  const { go } = read({}, { GOPATH: "relative" });
  expect(go.source).toBe("defaults");
  expect(go.problem).toContain("GOPATH entry is relative");
});

test("a cache below a work tree is seen, missing or not", () => {
  mkdirSync(at("project/.git"), { recursive: true });
  mkdirSync(at("project/vendor/mod"), { recursive: true });
  expect(read({ cacheDirectory: at("project/vendor/mod") }).cache.workTree).toBe(at("project"));
  expect(read({ cacheDirectory: at("project/none/mod") }).cache.workTree).toBe(at("project"));
  expect(read({ cacheDirectory: at("mod") }).cache.workTree).toBeUndefined();
});

test("what another user may do with root's cache", (context) => {
  context.skip(!isRoot, notRoot);
  mkdirSync(at("mod/cache/download"), { recursive: true });
  const { subject, self, cache, places } = read({ cacheDirectory: at("mod"), who: "2001:2001,3000" });
  expect(subject).toMatchObject({ self: false, subject: { uid: 2001, groups: [3000] } });
  expect(self.uid).toBe(0);
  expect(cache.writable).toEqual({ verdict: "no", at: at("mod"), because: "others have r-x" });
  expect(places.find(({ name }) => name === "HOME")).toBeUndefined();

  chownSync(at("mod"), 0, 3000);
  chmodSync(at("mod"), 0o2775);
  const half = read({ cacheDirectory: at("mod"), who: "2001:2001,3000" }).cache.writable;
  expect(half).toEqual({ verdict: "no", at: at("mod/cache/download"), because: "others have r-x" });

  spawnSync("setfacl", ["-R", "-m", "u:2001:rwx", at("mod")]);
  expect(read({ cacheDirectory: at("mod"), who: "2001" }).cache.writable).toEqual({ verdict: "yes" });
  expect(read({ cacheDirectory: at("mod"), who: "2002" }).cache.writable).toMatchObject({ verdict: "no" });
  expect(read({ cacheDirectory: at("new"), who: "2001" }).cache.creatable).toMatchObject({
    verdict: "no",
    at: directory,
  });
});

test("an immutable cache stops even root", (context) => {
  context.skip(!isRoot, notRoot);
  mkdirSync(at("mod"));
  context.skip(spawnSync("chattr", ["+i", at("mod")]).status !== 0, "this file system has no chattr attributes");
  try {
    const { writable } = read({ cacheDirectory: at("mod") }).cache;
    expect(writable).toEqual({ verdict: "no", at: at("mod"), because: "it has the immutable attribute (chattr +i)" });
  } finally {
    spawnSync("chattr", ["-i", at("mod")]);
  }
});

test("this process's variables are not another user's", (context) => {
  context.skip(!isRoot, notRoot);
  const facts = read({ who: "nobody" }, { GOMODCACHE: at("mod") });
  expect(facts.cache.path).not.toBe(at("mod"));
  expect(facts.environment["GOMODCACHE"]).toBe(at("mod"));
});

test("the facts as a user who is not root agree with the kernel", (context) => {
  context.skip(!isRoot, notRoot);
  mkdirSync(at("closed/mod"), { recursive: true });
  chmodSync(at("closed"), 0o700);
  chownSync(home, 2001, 2001);
  const code = `import { readFacts } from "/src/host/facts.ts";
    const environment = { ...process.env, HOME: ${JSON.stringify(home)} };
    const facts = (more) => readFacts({ environment, directory: "/", ...more });
    const { subject, cache, go, places } = facts({});
    console.log(JSON.stringify({
      uid: subject.subject.uid, self: subject.self, state: cache.state, creatable: cache.creatable, source: go.source,
      home: places.find(({ name }) => name === "HOME").writable,
      closed: facts({ cacheDirectory: ${JSON.stringify(at("closed/mod"))} }).cache,
      other: facts({ who: "root" }).go.problem,
    }));`;
  expect(printedBy(code, asUser(2001))).toEqual({
    uid: 2001,
    self: true,
    state: "missing",
    creatable: { verdict: "yes" },
    source: "go env",
    home: { verdict: "yes" },
    closed: {
      path: at("closed/mod"),
      realPath: at("closed/mod"),
      origin: "--cache-dir",
      state: "unseen",
      unseen: "permission denied",
    },
    other: expect.stringContaining("only root can ask it as user 0"),
  });
});

test("a read-only mount stops even root", (context) => {
  context.skip(!isRoot, notRoot);
  context.skip(spawnSync("unshare", ["-m", "true"]).status !== 0, "unshare -m is refused here");
  mkdirSync(at("mod"));
  const code = `import { readFacts } from "/src/host/facts.ts";
    const { cache } = readFacts({ environment: process.env, directory: "/", cacheDirectory: ${JSON.stringify(at("mod"))} });
    console.log(JSON.stringify([cache.writable, cache.mount.mountPoint, cache.mount.readOnly]));`;
  const mounting = `mount --bind ${at("mod")} ${at("mod")} && mount -o remount,bind,ro ${at("mod")} && exec "$@"`;
  expect(printedBy(code, ["unshare", "-m", "sh", "-c", mounting, "sh"])).toEqual([
    { verdict: "no", at: at("mod"), because: `${at("mod")} is mounted read-only` },
    at("mod"),
    true,
  ]);
});

test("sudo, CI and names are told", (context) => {
  context.skip(!isRoot, notRoot);
  const facts = read({}, { SUDO_UID: "2001", SUDO_GID: "2001", SUDO_USER: "app", GITHUB_ACTIONS: "true" });
  expect(facts).toMatchObject({ sudo: { uid: 2001, gid: 2001, user: "app" }, ci: "GitHub Actions" });
  expect(facts.userNames.get(0)).toBe("root");
  expect(facts.groupNames.get(0)).toBe("root");
});

test.each([["nobody at all"], ["x:y"], ["2001+umask=9"], ["no-such-user"]])("WHO %j is refused with a hint", (who) => {
  expect(() => read({ who })).toThrow(UserError);
});
