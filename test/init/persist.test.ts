import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../src/error.ts";
import type { SubjectFacts } from "../../src/facts/facts.ts";
import { UserDatabase } from "../../src/host/users.ts";
import type { PersistRequest } from "../../src/init/owner.ts";
import { lineToAdd, type PersistWay, persist } from "../../src/init/persist.ts";
import { goProgram } from "../e2e/lab.ts";
import { asUser, isRoot, notRoot, openDirectory } from "../host/as-user.ts";
import { bundleCode } from "./bundle.ts";

const uid = 2001;
let programs: string;
let editProgram: URL;
let directory: string;
let home: string;

beforeAll(() => {
  programs = openDirectory("persist-programs");
  const outfile = join(programs, "edit-worker.mjs");
  const entry = join(import.meta.dirname, "../../src/init/edit-worker.ts");
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm" });
  editProgram = pathToFileURL(outfile);
  // Root's node and code need not be readable for the user: /root/.nvm is not.
  chmodSync(programs, 0o700);
});
afterAll(() => rmSync(programs, { recursive: true }));
beforeEach(() => {
  directory = openDirectory("persist");
  home = join(directory, "home");
  mkdirSync(home);
  chownSync(home, uid, uid);
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Who {
  readonly uid: number;
  readonly name?: string;
  readonly home?: string;
  readonly groups?: readonly number[];
}

function ownerOf({ uid: id, groups = [], ...rest }: Who): SubjectFacts {
  const self = process.geteuid?.() === id;
  return { subject: { uid: id, gid: id, groups, capabilities: new Set(), umask: 0o022 }, self, ...rest };
}

function request(who: Who, shell = "/bin/bash", more: Partial<PersistRequest> = {}): PersistRequest {
  const passwd = `${who.name ?? "u"}:x:${who.uid}:${who.uid}::${who.home ?? ""}:${shell}\n`;
  return {
    directory: "/srv/go mod",
    owner: ownerOf(who),
    umask: 0o002,
    shared: false,
    command: "gomodcache init",
    users: new UserDatabase({
      file: (path) => (path === "/etc/passwd" ? passwd : undefined),
      program: () => ({ stdout: Buffer.alloc(0), stderr: "", timedOut: false }),
    }),
    editProgram,
    ...more,
  };
}

const ann = (): Who => ({ uid, name: "ann", home });
const environment = { PATH: `${dirname(goProgram)}:/usr/bin:/bin` };
const run = (way: PersistWay, what: PersistRequest, env: Record<string, string> = environment) =>
  persist(way, what, { env });
const exported = "export GOMODCACHE='/srv/go mod'";

function give(path: string, text: string | Buffer, mode = 0o644, owner = uid): string {
  writeFileSync(path, text);
  chownSync(path, owner, owner);
  chmodSync(path, mode);
  return path;
}

describe("shell, as root for another user", () => {
  test("the file is made for its owner, and a second run changes nothing", (context) => {
    context.skip(!isRoot, notRoot);
    const where = join(home, ".bashrc");
    expect(run("shell", request(ann()))).toMatchObject({ done: "written", where });
    const first = statSync(where);
    expect({ uid: first.uid, gid: first.gid, mode: first.mode & 0o7777 }).toEqual({ uid, gid: uid, mode: 0o644 });
    expect(readFileSync(where, "utf8")).toContain(exported);
    const again = run("shell", request(ann()));
    expect(again).toMatchObject({ done: "already", where });
    expect(again.message).toBe(`${where} sets GOMODCACHE for ann already`);
    expect(statSync(where).ino).toBe(first.ino);
    expect(readdirSync(home)).toEqual([".bashrc"]);
  });

  test("bytes, line ends, mode and group of the file stay", (context) => {
    context.skip(!isRoot, notRoot);
    const bytes = Buffer.concat([Buffer.from("a=1\r\n"), Buffer.of(0xff, 0xfe, 0x0a), Buffer.from("last")]);
    const where = give(join(home, ".bashrc"), bytes, 0o640);
    chownSync(where, uid, 3000);
    run("shell", request({ ...ann(), groups: [3000] }));
    const now = readFileSync(where);
    expect(now.subarray(0, bytes.length)).toEqual(bytes);
    const { uid: user, gid, mode } = statSync(where);
    expect([user, gid, mode & 0o7777]).toEqual([uid, 3000, 0o640]);
    run("shell", request({ ...ann(), groups: [3000] }, "/bin/bash", { directory: "/other" }));
    const changed = readFileSync(where);
    expect(changed.subarray(0, bytes.length)).toEqual(bytes);
    expect(changed.toString("latin1").match(/GOMODCACHE=/g)).toHaveLength(1);
  });

  test("each shell has its file", (context) => {
    context.skip(!isRoot, notRoot);
    const files = [
      ["/bin/zsh", ".zshrc"],
      ["/bin/dash", ".profile"],
      ["", ".profile"],
      ["/opt/odd", ".profile"],
      ["/usr/bin/fish", ".config/fish/conf.d/gomodcache.fish"],
    ] as const;
    for (const [shell, file] of files) {
      expect(run("shell", request(ann(), shell)).where).toBe(join(home, file));
      const owners = ["", "fish", "fish/conf.d"].map((part) =>
        file.includes("fish") ? join(home, ".config", part) : home,
      );
      for (const path of owners) expect(statSync(path).uid).toBe(uid);
    }
    expect(readFileSync(join(home, files[4][1]), "utf8")).toContain("set -gx GOMODCACHE '/srv/go mod'");
    expect(run("shell", request(ann(), "/usr/sbin/nologin")).message).toContain("login shell is nologin");
    expect(() => run("shell", request(ann(), "/bin/tcsh"))).toThrow(/tcsh/);
  });

  test("a group's umask is a comment, unless it shall be set", (context) => {
    context.skip(!isRoot, notRoot);
    const text = (more: Partial<PersistRequest>): string => {
      run("shell", request(ann(), "/bin/bash", more));
      return readFileSync(join(home, ".bashrc"), "utf8");
    };
    expect(text({})).not.toContain("umask");
    expect(text({ shared: true })).toMatch(/^# .*umask than 002/m);
    expect(text({ shared: true, setUmask: true })).toMatch(/^umask 002$/m);
  });

  test("a link is kept, and what it leads to is changed", (context) => {
    context.skip(!isRoot, notRoot);
    mkdirSync(join(home, "dotfiles"));
    chownSync(join(home, "dotfiles"), uid, uid);
    const target = give(join(home, "dotfiles/bashrc"), "x\n");
    symlinkSync("dotfiles/bashrc", join(home, ".bashrc"));
    const { message, where } = run("shell", request(ann()));
    expect(where).toBe(target);
    expect(message).toContain(`.bashrc, a link to ${target},`);
    expect(readlinkSync(join(home, ".bashrc"))).toBe("dotfiles/bashrc");
    expect(readFileSync(target, "utf8")).toContain(exported);
  });

  test("what cannot be replaced as it is, is left alone with the line to add", (context) => {
    context.skip(!isRoot, notRoot);
    const path = join(home, ".bashrc");
    const refuses = (reason: RegExp): void => {
      const before = existsSync(path) && statSync(path).isFile() ? readFileSync(path) : undefined;
      let error: unknown;
      try {
        run("shell", request(ann()));
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).message).toMatch(reason);
      if (before !== undefined) expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(home).filter((name) => name.includes("gomodcache"))).toEqual([]);
      rmSync(path, { recursive: true, force: true });
    };
    give(path, "# >>> gomodcache >>>\n");
    refuses(/broken gomodcache block/);
    symlinkSync("nowhere", path);
    refuses(/symbolic link to nowhere, which does not exist/);
    mkdirSync(path);
    refuses(/not a regular file/);
    spawnSync("mkfifo", ["-m", "666", path]);
    refuses(/not a regular file/);
    give(path, "x\n", 0o644, 0);
    refuses(/belongs to user 0, not to user 2001/);
    give(path, "x\n");
    linkSync(path, join(home, "second"));
    refuses(/2 names/);
    give(path, "x\n");
    expect(spawnSync("setfacl", ["-m", "u:2002:r", path]).status).toBe(0);
    refuses(/access control list/);
    give(path, Buffer.alloc(5 * 1024 * 1024, 10));
    refuses(/larger than 4 MiB/);
    symlinkSync(".bashrc", path);
    refuses(/ELOOP/);
    give(path, "x\n");
    chownSync(home, 0, 0);
    refuses(/EACCES/);
    rmSync(home, { recursive: true });
    mkdirSync(home);
    expect(() => run("shell", request({ ...ann(), home: join(home, "none") }))).toThrow(/is no directory/);
    expect(() => run("shell", request({ uid, home: "" }))).toThrow(/no home directory/);
  });

  test("a hostile home leads the edit nowhere: not by links, not by swapped directories", (context) => {
    context.skip(!isRoot, notRoot);
    const victims = join(directory, "victims");
    mkdirSync(victims);
    // Root's files: one closed, and one that everybody may read.
    const secret = give(join(victims, "secret"), "secret\n", 0o600, 0);
    const open = give(join(victims, "open"), "root's\n", 0o644, 0);
    chmodSync(victims, 0o755);
    for (const victim of [secret, open]) {
      const link = join(home, ".bashrc");
      symlinkSync(victim, link);
      lchownSync(link, uid, uid);
      expect(() => run("shell", request(ann()))).toThrow(UserError);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      rmSync(link);
    }
    // A directory of root's in the place of the user's.
    symlinkSync(victims, join(home, ".config"));
    mkdirSync(join(victims, "fish"));
    expect(() => run("shell", request(ann(), "/usr/bin/fish"))).toThrow(/EACCES/);
    expect([readFileSync(secret, "utf8"), readFileSync(open, "utf8")]).toEqual(["secret\n", "root's\n"]);
    expect(readdirSync(victims).sort()).toEqual(["fish", "open", "secret"]);
    expect(readdirSync(join(victims, "fish"))).toEqual([]);
  });

  test("while the user swaps the file for links, root's files stay as they are", async (context) => {
    context.skip(!isRoot, notRoot);
    const victim = give(join(directory, "victim"), "root's\n", 0o644, 0);
    const code = `import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
      const [, , rc, victim] = process.argv;
      for (let n = 0; ; n += 1) {
        try {
          if (n % 2) writeFileSync(rc + ".new", "mine\\n"); else symlinkSync(victim, rc + ".new");
          renameSync(rc + ".new", rc);
        } catch {}
      }`;
    const attack = bundleCode(code, join(directory, "attack.mjs"));
    const { spawn } = await import("node:child_process");
    const [file = "", ...args] = [...asUser(uid), process.execPath, attack, join(home, ".bashrc"), victim];
    const attacker = spawn(file, args, { stdio: "ignore", cwd: "/" });
    const outcomes = new Map<string, number>();
    try {
      for (let round = 0; round < 30; round += 1) {
        let outcome = "written";
        try {
          run("shell", request(ann()));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          outcome = "refused";
        }
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    } finally {
      attacker.kill("SIGKILL");
    }
    expect(outcomes.get("refused") ?? 0).toBeGreaterThan(0);
    expect(readFileSync(victim, "utf8")).toBe("root's\n");
    expect(statSync(victim)).toMatchObject({ uid: 0, gid: 0, nlink: 1 });
  });

  test("a child that says nonsense, or nothing, is an error and no more", (context) => {
    context.skip(!isRoot, notRoot);
    for (const [code, reason] of [
      ['process.stdout.write(\'{"edited":{"done":"owned"}}\')', /makes no sense/],
      ["process.stdout.write('x'.repeat(1e6))", /printed too much/],
      ["process.exit(3)", /status 3/],
    ] as const) {
      const program = pathToFileURL(bundleCode(code, join(programs, "lies.mjs")));
      expect(() => run("shell", request(ann(), "/bin/bash", { editProgram: program }))).toThrow(reason);
    }
  });
});

describe("shell, as root for root", () => {
  test("root's own file is changed, but none that another user can replace", (context) => {
    context.skip(!isRoot, notRoot);
    const own = join(directory, "root");
    mkdirSync(own, { mode: 0o700 });
    const env = { ...environment, HOME: own };
    expect(run("shell", request({ uid: 0, name: "root", home: own }), env).where).toBe(join(own, ".bashrc"));
    // sudo with the caller's HOME kept.
    expect(() => run("shell", request({ uid: 0, name: "root", home: own }), { ...env, HOME: home })).toThrow(
      /not safe for root to change: .*belongs to user 2001/,
    );
    expect(() => run("go-env", request({ uid: 0, name: "root", home: own }), { ...env, HOME: home })).toThrow(
      /not safe for root to change/,
    );
    expect(readdirSync(home)).toEqual([]);
    // A link from root's home into a user's.
    rmSync(join(own, ".bashrc"));
    symlinkSync(give(join(home, "bashrc"), "x\n"), join(own, ".bashrc"));
    expect(() => run("shell", request({ uid: 0, name: "root", home: own }), env)).toThrow(/not safe for root/);
  });
});

describe("go-env", () => {
  const goEnv = (): string => readFileSync(join(home, ".config/go/env"), "utf8");

  test("go keeps it for the owner, as the owner, and says when it is so already", (context) => {
    context.skip(!isRoot, notRoot);
    expect(run("go-env", request(ann()))).toEqual({
      done: "written",
      where: join(home, ".config/go/env"),
      message: `go of ann uses /srv/go mod from now on (go env -w, kept in ${join(home, ".config/go/env")})`,
    });
    expect(goEnv()).toBe("GOMODCACHE=/srv/go mod\n");
    expect(statSync(join(home, ".config/go/env")).uid).toBe(uid);
    expect(run("go-env", request(ann()))).toMatchObject({ done: "already" });
    expect(run("go-env", request(ann(), "", { directory: "/other" }))).toMatchObject({ done: "written" });
    expect(goEnv()).toBe("GOMODCACHE=/other\n");
    // What go takes anyway needs no setting.
    rmSync(join(home, ".config"), { recursive: true });
    expect(run("go-env", request(ann(), "", { directory: join(home, "go/pkg/mod") })).done).toBe("already");
    expect(existsSync(join(home, ".config"))).toBe(false);
  });

  test("a variable that overrides it is named", (context) => {
    context.skip(!isRoot, notRoot);
    const own = join(directory, "root");
    mkdirSync(own);
    const what = request({ uid: 0, name: "root", home: own });
    const env = { ...environment, HOME: own, GOMODCACHE: "/elsewhere" };
    expect(run("go-env", what, env).message).toContain("variable GOMODCACHE=/elsewhere overrides it");
    expect(run("go-env", what, { ...env, GOMODCACHE: "/srv/go mod" }).message).not.toContain("overrides");
  });

  test("what go cannot keep is an error, and nothing of root's is written", (context) => {
    context.skip(!isRoot, notRoot);
    const victim = give(join(directory, "victim"), "A=1\n", 0o644, 0);
    mkdirSync(join(home, ".config/go"), { recursive: true });
    symlinkSync(victim, join(home, ".config/go/env"));
    expect(() => run("go-env", request(ann()))).toThrow(/permission denied/);
    expect(readFileSync(victim, "utf8")).toBe("A=1\n");
    const own = join(directory, "root");
    mkdirSync(own);
    const off = { ...environment, HOME: own, GOENV: "off" };
    expect(() => run("go-env", request({ uid: 0, home: own }), off)).toThrow(/GOENV=off/);
    expect(() => run("go-env", request(ann(), "", { directory: "/a\nb" }))).toThrow(/control character/);
    const nobody = { PATH: "/usr/bin", HOME: "/root" };
    expect(() => run("go-env", request({ uid: 2002 }), nobody)).toThrow(/no home directory/);
  });
});

describe("github", () => {
  const file = (): string => join(directory, "set_env");

  test("the line is appended once, with the rights of the file's owner", (context) => {
    context.skip(!isRoot, notRoot);
    give(file(), "A=1", 0o600);
    const env = { GITHUB_ENV: file() };
    expect(run("github", request(ann()), env)).toMatchObject({ done: "written", where: file() });
    expect(run("github", request(ann()), env)).toMatchObject({ done: "already" });
    expect(readFileSync(file(), "utf8")).toBe("A=1\nGOMODCACHE=/srv/go mod\n");
    run("github", request(ann(), "", { directory: "/b" }), env);
    expect(run("github", request(ann()), env).done).toBe("written");
    expect(readFileSync(file(), "utf8")).toMatch(/GOMODCACHE=\/b\nGOMODCACHE=\/srv\/go mod\n$/);
    expect(statSync(file()).uid).toBe(uid);
  });

  test("a name with a line break is between two lines of a random word", (context) => {
    context.skip(!isRoot, notRoot);
    give(file(), "", 0o644, 0);
    const what = request(ann(), "", { directory: "/a\nPATH=/evil" });
    expect(run("github", what, { GITHUB_ENV: file() }).done).toBe("written");
    expect(readFileSync(file(), "utf8")).toMatch(/^GOMODCACHE<<(gomodcache_[0-9a-f]{32})\n\/a\nPATH=\/evil\n\1\n$/);
    expect(run("github", what, { GITHUB_ENV: file() }).done).toBe("already");
  });

  test("what is not the runner's file is refused", (context) => {
    context.skip(!isRoot, notRoot);
    const attempt = (env: Record<string, string>): void => void run("github", request(ann()), env);
    expect(() => attempt({})).toThrow(/GITHUB_ENV is not set/);
    expect(() => attempt({ GITHUB_ENV: "relative" })).toThrow(/no absolute path/);
    expect(() => attempt({ GITHUB_ENV: file() })).toThrow(/does not exist/);
    const victim = give(join(directory, "victim"), "root's\n", 0o644, 0);
    // The user's links: to the file, to its directory, and a second name for it.
    symlinkSync(victim, join(home, "link"));
    lchownSync(join(home, "link"), uid, uid);
    expect(() => attempt({ GITHUB_ENV: join(home, "link") })).toThrow(/could not be opened/);
    symlinkSync(directory, join(home, "up"));
    expect(() => attempt({ GITHUB_ENV: join(home, "up/victim") })).toThrow(/not safe for root/);
    linkSync(victim, join(home, "second"));
    expect(() => attempt({ GITHUB_ENV: join(home, "second") })).toThrow(/not safe for root/);
    expect(readFileSync(victim, "utf8")).toBe("root's\n");
  });
});

test("none changes nothing and says the line, unless go uses the directory already", () => {
  const what = request({ uid, name: "ann", home: "/home/ann" }, "/bin/bash", { used: "/home/ann/go/pkg/mod" });
  expect(run("none", what)).toEqual({
    done: "none",
    where: "",
    message: `go of ann uses /home/ann/go/pkg/mod, not /srv/go mod, until this is set: ${exported}`,
  });
  expect(run("none", { ...what, used: what.directory }).message).toBe("");
  expect(lineToAdd(request({ uid }, "/usr/bin/fish"), { env: {} })).toBe("set -gx GOMODCACHE '/srv/go mod'");
});

test("a user who is not root keeps settings, for that user only", (context) => {
  context.skip(!isRoot, notRoot);
  chmodSync(programs, 0o755);
  const program = bundleCode(
    `import { persist } from "/src/init/persist.ts";
     import { UserError } from "/src/error.ts";
     import { UserDatabase } from "/src/host/users.ts";
     const users = new UserDatabase({ file: () => undefined, program: () => undefined });
     const [, , way, uid, home] = process.argv;
     const subject = { uid: Number(uid), gid: Number(uid), groups: [], capabilities: new Set(), umask: 0o077 };
     const owner = { subject, self: process.getuid() === subject.uid, home };
     const request = { directory: "/srv/mod", owner, umask: 0o022, shared: false, command: "init", users };
     try {
       process.stdout.write(JSON.stringify(persist(way, request, { env: process.env })));
     } catch (error) {
       if (!(error instanceof UserError)) throw error;
       process.stdout.write(JSON.stringify({ status: error.status, message: error.message }));
     }`,
    join(programs, "persist.mjs"),
  );
  const as = (way: string, who: number): Record<string, unknown> => {
    const [file = "", ...args] = [...asUser(uid), process.execPath, program, way, String(who), home];
    const env = { ...environment, HOME: home, SHELL: "/bin/zsh" };
    return JSON.parse(spawnSync(file, args, { encoding: "utf8", cwd: "/", env }).stdout);
  };
  expect(as("shell", uid)).toMatchObject({ done: "written", where: join(home, ".zshrc") });
  expect(statSync(join(home, ".zshrc")).mode & 0o777).toBe(0o600);
  expect(as("shell", uid)).toMatchObject({ done: "already" });
  expect(as("go-env", uid)).toMatchObject({ done: "written" });
  for (const way of ["shell", "go-env"]) expect(as(way, 2002)).toMatchObject({ status: 4 });
  chmodSync(programs, 0o700);
});
