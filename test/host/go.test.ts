import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld } from "../../src/host/facts.ts";
import { type GoQuestion, parseGoVersion, readGo } from "../../src/host/go.ts";
import { UserDatabase } from "../../src/host/users.ts";
import type { Subject } from "../../src/permission/subject.ts";
import { isRoot, notRoot, openDirectory } from "./as-user.ts";

const root: Subject = {
  uid: 0,
  gid: 0,
  groups: [],
  capabilities: new Set(["dac_override", "dac_read_search", "fowner", "chown", "fsetid"]),
  umask: 0o022,
};
const other: Subject = { uid: 2001, gid: 2001, groups: [3000], capabilities: new Set(), umask: 0o022 };
const systemPath = "/usr/bin:/bin";

let directory: string;
/** Made by the fake go, so that it is known whether it ran. */
let marker: string;

beforeEach(() => {
  directory = openDirectory("go");
  marker = join(directory, "marks/ran");
  mkdirSync(join(directory, "marks"));
  chmodSync(join(directory, "marks"), 0o777);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A go in `bin`, which is a shell script. */
function fakeGo(script: string, bin = "bin"): string {
  mkdirSync(join(directory, bin), { recursive: true });
  const program = join(directory, bin, "go");
  writeFileSync(program, `#!/bin/sh\n: > ${marker}\n${script}\n`);
  chmodSync(program, 0o755);
  return program;
}

const passwd = "root:x:0:0::/root:/bin/sh\nmallory:x:2002:2002::/:/bin/sh\n";
const group = "root:x:0:\nempty:x:4000:\nstaff:x:3500:mallory\n";

function question(overrides: Partial<GoQuestion> = {}, subject: Subject = root): GoQuestion {
  return {
    subject: { subject, self: subject.uid === 0 },
    selfUid: 0,
    variables: { HOME: directory, PATH: `${join(directory, "bin")}:${systemPath}` },
    platform: "linux",
    world: openWorld(),
    users: new UserDatabase({
      file: (path) => ({ "/etc/passwd": passwd, "/etc/group": group })[path],
      program: () => ({ stdout: Buffer.alloc(0), stderr: "", timedOut: false }),
    }),
    settings: { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 0 },
    ...overrides,
  };
}

/** Prints what matters of the environment it was given, as if they were Go's settings. */
const honest = `printf '{"GOVERSION":"go1.26.8","GOPATH":"/p","UID":"%s","GROUPS":"%s","CWD":"%s","TOOLCHAIN":"%s","CONFIG":"%s","FILE":"%s"}' \
 "$(id -u)" "$(id -G)" "$(pwd)" "$GOTOOLCHAIN" "$XDG_CONFIG_HOME" "$GOENV"`;

test("go is asked in a safe place, and may neither switch to another go nor leave files", (context) => {
  context.skip(!isRoot, notRoot);
  const program = fakeGo(honest);
  const variables = { HOME: directory, PATH: `${join(directory, "bin")}:${systemPath}`, GOTOOLCHAIN: "go1.99" };
  const facts = readGo(question({ variables }));
  expect(facts).toMatchObject({ program, source: "go env", version: { major: 1, minor: 26, text: "go1.26.8" } });
  expect(facts.env).toMatchObject({ UID: "0", CWD: "/", TOOLCHAIN: "local", CONFIG: "/dev/null" });
  // The subject's own setting, not the one that was given to go for safety; and the file is the subject's.
  expect(facts.env).toMatchObject({ GOTOOLCHAIN: "go1.99", FILE: join(directory, ".config/go/env") });
  expect(facts.problem).toBeUndefined();
});

test("for another user, go runs as that user", (context) => {
  context.skip(!isRoot, notRoot);
  fakeGo(honest);
  const facts = readGo(question({}, other));
  expect(facts.source).toBe("go env");
  expect(facts.env).toMatchObject({ UID: "2001", GROUPS: "2001 3000" });
});

test.each([
  ["crashes", "echo 'panic: boom' >&2; exit 2", "panic: boom"],
  ["crashes silently", "exit 7", "it exited with status 7"],
  ["is killed", "kill -KILL $$", "it was killed by SIGKILL"],
  ["hangs", "sleep 60 & wait", "it did not finish in 0.5 s"],
  ["prints no JSON", "echo hello", "it did not print JSON"],
  ["prints a list", "echo '[1]'", "it did not print JSON"],
  ["prints numbers", "echo '{\"GOPATH\": 3}'", "it did not print JSON"],
  ["prints nothing", "exit 0", "it did not print JSON"],
  ["prints without end", "yes", "it printed too much"],
])("of a go that %s, Go's defaults are told and why", (_, script, problem) => {
  const program = fakeGo(script);
  const facts = readGo(
    question({ timeout: 500, selfUid: process.getuid?.() ?? 0 }, { ...root, uid: process.getuid?.() ?? 0 }),
  );
  expect(facts).toMatchObject({ program, source: "defaults", problem: `${program} env failed: ${problem}` });
  expect(facts.env["GOMODCACHE"]).toBe(join(directory, "go/pkg/mod"));
});

test.for<[string, (program: string) => void, string]>([
  ["the file is world-writable", (program) => chmodSync(program, 0o777), "bin/go can be written by everybody"],
  ["its directory is", () => chmodSync(join(directory, "bin"), 0o777), "bin can be written by everybody"],
  ["it belongs to somebody", (program) => chownSync(program, 2002, 0), "bin/go belongs to user 2002"],
  ["its directory does", () => chownSync(join(directory, "bin"), 2002, 0), "bin belongs to user 2002"],
  [
    "a group with members may write",
    (program) => {
      chownSync(program, 0, 3500);
      chmodSync(program, 0o775);
    },
    "can be written by group 3500, which user 2002 is in",
  ],
  [
    "a group that nobody knows may write",
    (program) => {
      chownSync(program, 0, 4999);
      chmodSync(program, 0o775);
    },
    "can be written by group 4999, which is unknown here",
  ],
  [
    "an ACL lets somebody write",
    (program) => spawnSync("setfacl", ["-m", "u:2002:rwx", program]),
    "can be written by user 2002, says its ACL",
  ],
])("root does not run a go that others can replace: %s", ([, weaken, problem], context) => {
  context.skip(!isRoot, notRoot);
  const program = fakeGo(honest);
  weaken(program);
  const facts = readGo(question());
  expect(existsSync(marker)).toBe(false);
  expect(facts).toMatchObject({ program, source: "defaults" });
  expect(facts.problem).toContain(`${program} was not run: `);
  expect(facts.problem).toContain(problem);
});

test("a link to a go that others can replace is no better", (context) => {
  context.skip(!isRoot, notRoot);
  const target = fakeGo(honest, "loose");
  chmodSync(join(directory, "loose"), 0o777);
  mkdirSync(join(directory, "bin"));
  symlinkSync(target, join(directory, "bin/go"));
  expect(readGo(question()).problem).toContain("loose can be written by everybody");
  expect(existsSync(marker)).toBe(false);
});

test("a group that only root is in does no harm, nor does a user's own go for that user", (context) => {
  context.skip(!isRoot, notRoot);
  const program = fakeGo(honest);
  chownSync(program, 0, 4000);
  chmodSync(program, 0o775);
  expect(readGo(question()).source).toBe("go env");
  rmSync(marker);
  chownSync(program, 2001, 0);
  chmodSync(program, 0o755);
  expect(readGo(question({}, other)).source).toBe("go env");
  expect(readGo(question()).source).toBe("defaults");
});

test("who is not root cannot ask for somebody else, and gets that user's go/env file", () => {
  fakeGo(honest);
  mkdirSync(join(directory, ".config/go"), { recursive: true });
  writeFileSync(join(directory, ".config/go/env"), "GOMODCACHE=/srv/mod\n");
  const facts = readGo(question({ selfUid: 1000 }, other));
  expect(facts.source).toBe("defaults");
  expect(facts.problem).toContain("only root can ask it as user 2001");
  expect(facts.env["GOMODCACHE"]).toBe("/srv/mod");
  expect(existsSync(marker)).toBe(false);
});

test("a FIFO in place of the go/env file holds nobody up", () => {
  const program = fakeGo("exit 1");
  mkdirSync(join(directory, ".config/go"), { recursive: true });
  spawnSync("mkfifo", [join(directory, ".config/go/env")]);
  const facts = readGo(question({ selfUid: 1000 }, other));
  expect(facts.program).toBe(program);
  expect(facts.problem).toContain(".config/go/env could not be read: it is not a regular file");
});

test("a go that the subject may not execute is told", (context) => {
  context.skip(!isRoot, notRoot);
  const program = fakeGo(honest);
  chmodSync(program, 0o700);
  const facts = readGo(question({ program }, other));
  expect(facts).toMatchObject({ source: "defaults" });
  expect(facts.problem).toContain(`${program}: others have ---`);
});

test("a program that was asked for and is not there is told", () => {
  const facts = readGo(question({ program: "/no/such/go" }));
  expect(facts).toMatchObject({ source: "defaults", problem: "there is no program /no/such/go" });
  expect(facts.program).toBeUndefined();
});

test("directories called go, and relative entries of PATH, are passed over", (context) => {
  context.skip(!isRoot, notRoot);
  mkdirSync(join(directory, "first/go"), { recursive: true });
  const program = fakeGo(honest);
  const path = `.:bin:${join(directory, "first")}:${join(directory, "bin")}:${systemPath}`;
  expect(readGo(question({ variables: { HOME: directory, PATH: path } })).program).toBe(program);
});

test("the version is read from GOROOT/VERSION when go cannot say it", () => {
  const program = fakeGo("exit 1", "root/bin");
  writeFileSync(join(directory, "root/VERSION"), "go1.15.15\ntime 2021-08-04T00:00:00Z\n");
  writeFileSync(join(directory, "root/go.env"), "GOPROXY=direct\n");
  const facts = readGo(question({ program, selfUid: 1000 }, other));
  expect(facts.version).toEqual({ major: 1, minor: 15, text: "go1.15.15" });
  expect(facts.env).toMatchObject({ GOROOT: join(directory, "root"), GOPROXY: "direct" });
});

test("the go of this machine leaves nothing behind", (context) => {
  const home = join(directory, "home");
  mkdirSync(home);
  const uid = process.getuid?.() ?? 0;
  const variables = { HOME: home, PATH: process.env["PATH"] ?? "" };
  const facts = readGo(question({ variables, selfUid: uid }, { ...root, uid }));
  context.skip(facts.program === undefined, "needs go");
  expect(facts).toMatchObject({ source: "go env", env: { GOMODCACHE: join(home, "go/pkg/mod") } });
  expect(String(spawnSync("find", [home]).stdout)).toBe(`${home}\n`);
});

test.each([
  ["go1.26.8", 1, 26],
  ["go1.27rc1", 1, 27],
  ["devel go1.28-0123456789 Thu Jan 1", 1, 28],
  ["go2.0", 2, 0],
])("the version %s is read", (text, major, minor) => {
  expect(parseGoVersion(text)).toEqual({ major, minor, text });
});

test("what is no version is none", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseGoVersion(text.replaceAll("go", ""))).toBeUndefined();
    }),
  );
});
