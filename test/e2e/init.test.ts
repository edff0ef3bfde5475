// gomodcache-init as people use it: in an image, as an entrypoint, as a plain user, under sudo.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { goEnvironment, makeLab, removeLab, root, runAs, type TestUser, writeTree } from "./lab.ts";
import { initCommand, type Ran } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

const alice: TestUser = { uid: 2001, gid: 2001, groups: [3000], umask: 0o022 };

describeOnMachine("gomodcache-init", () => {
  let lab: string;
  let env: Record<string, string>;
  beforeAll(() => {
    lab = makeLab("init");
  });
  afterAll(() => removeLab(lab));
  beforeEach(() => {
    for (const name of readdirSync(lab)) rmSync(join(lab, name), { recursive: true, force: true });
    mkdirSync(join(lab, "home"));
    chownSync(join(lab, "home"), 2001, 2001);
    const home = join(lab, "home");
    env = goEnvironment({ home, cache: join(home, "go/pkg/mod"), buildCache: join(lab, "b"), proxy: "off" });
  });
  const init = (user: TestUser, args: string[], more: Record<string, string> = {}): Ran =>
    runAs(user, [...initCommand, "--state-dir", join(lab, `state${user.uid}`), ...args], {
      cwd: "/",
      env: { ...env, ...more },
    });
  const show = (path: string): string => {
    const { uid, gid, mode } = lstatSync(path);
    return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
  };
  /** A cache as root leaves it, with so many modules. */
  const fill = (cache: string): void => {
    writeTree(cache, {
      "cache/lock": "",
      "cache/download/example.com/a/@v/list": "v1.0.0\n",
      "cache/download/example.com/a/@v/v1.0.0.zip": "zip",
      "example.com/a@v1.0.0/a.go": "package a\n",
    });
    chmodSync(join(cache, "example.com/a@v1.0.0/a.go"), 0o444);
    chmodSync(join(cache, "example.com/a@v1.0.0"), 0o555);
  };

  it("makes the directory, with its missing parents, for the owner", () => {
    const cache = join(lab, "srv/go/mod");
    expect(init(root, ["--cache-dir", cache, "--owner", "2001:2001", "--umask", "022"])).toMatchObject({ status: 0 });
    expect(show(cache)).toBe("2001:2001 755");
    expect(show(join(lab, "srv/go"))).toBe("2001:2001 755");
    expect(init(root, ["--cache-dir", join(lab, "g"), "--umask", "002", "--group", "3000"]).status).toBe(0);
    expect(show(join(lab, "g"))).toBe("0:3000 2775");
    expect(execFileSync("getfacl", ["-cpnd", join(lab, "g")], { encoding: "utf8" })).toContain("group:3000:rwx");
    expect(init(root, ["--cache-dir", join(lab, "c"), "--umask", "077"]).status).toBe(0);
    expect(show(join(lab, "c"))).toBe("0:0 700");
  });

  it("takes the owner from sudo", () => {
    const cache = join(lab, "m");
    fill(cache);
    const sudo = { SUDO_UID: "2001", SUDO_GID: "2001", SUDO_USER: "alice" };
    expect(init(root, ["--cache-dir", cache], sudo)).toMatchObject({ status: 0 });
    expect(show(join(cache, "cache/lock"))).toBe("2001:2001 644");
    expect(show(join(cache, "example.com/a@v1.0.0"))).toBe("2001:2001 555");
  });

  it("tells which directories above the cache keep its owner out, and what opens them", () => {
    const closed = join(lab, "closed");
    const cache = join(closed, "pkg/mod");
    fill(cache);
    for (const path of [closed, join(closed, "pkg")]) chmodSync(path, 0o700);
    const ran = init(root, ["--cache-dir", cache, "--owner", "2001:2001"]);
    expect(ran.status).toBe(0);
    expect(ran.stdout.replace(/\s+/g, " ")).toContain(
      `2001 cannot get to the cache by this path: ${closed} is root:root`,
    );
    const commands = [...ran.stdout.matchAll(/^ {4}fix {2}(.*)$/gm)].map((match) => match[1] as string);
    expect(commands).toHaveLength(2);
    expect(runAs(alice, ["ls", cache], { cwd: "/", env }).status).not.toBe(0);
    for (const command of commands) expect(spawnSync("sh", ["-c", command]).status).toBe(0);
    expect(runAs(alice, ["ls", cache], { cwd: "/", env }).status).toBe(0);
    expect(init(root, ["--cache-dir", cache, "--owner", "2001:2001"]).stdout).not.toContain("cannot get to the cache");
  });

  it("does not look below a cache whose owner matches, says so, and does with --deep", () => {
    const cache = join(lab, "m");
    fill(cache);
    execFileSync("chown", ["-R", "2001:2001", cache]);
    chownSync(join(cache, "example.com/a@v1.0.0/a.go"), 0, 0);
    const quick = init(root, ["--cache-dir", cache, "--owner", "2001"]);
    expect(quick.stdout.replace(/\s+/g, " ")).toContain("not searched for others' entries: --deep does");
    expect(show(join(cache, "example.com/a@v1.0.0/a.go"))).toBe("0:0 444");
    expect(init(root, ["--cache-dir", cache, "--owner", "2001", "--deep"]).stdout).toContain("Changed 1 of 1 entry");
    expect(show(join(cache, "example.com/a@v1.0.0/a.go"))).toBe("2001:2001 444");
  });

  it("repairs owners in strict mode, where the group has its rights", () => {
    const cache = join(lab, "m");
    fill(cache);
    execFileSync("chown", ["-R", "2001:3000", cache]);
    execFileSync("chmod", ["-R", "g+w", join(cache, "cache")]);
    execFileSync("find", [cache, "-type", "d", "-exec", "chmod", "g+s", "{}", "+"]);
    for (const path of [cache, join(cache, "example.com")]) chmodSync(path, 0o2775);
    chownSync(join(cache, "cache/lock"), 0, 3000);
    const strict = ["--cache-dir", cache, "--owner", "2001", "--group", "3000", "--umask", "002", "--strict-mode"];
    expect(init(root, strict)).toMatchObject({ status: 0 });
    expect(show(join(cache, "cache/lock"))).toBe("2001:3000 664");
    expect(init(root, strict).stdout).toContain("Nothing to do");
  });

  it("lets a plain user change what is theirs, and names the rest", () => {
    const cache = join(lab, "home/m");
    fill(cache);
    execFileSync("chown", ["-R", "2001:2001", cache]);
    chmodSync(join(cache, "cache/lock"), 0o600);
    chownSync(join(cache, "cache/download/example.com/a/@v/list"), 0, 0);
    mkdirSync(join(lab, "state2001"));
    chownSync(join(lab, "state2001"), 2001, 2001);
    chmodSync(join(lab, "state2001"), 0o700);
    const tried = init(alice, ["--cache-dir", cache, "--deep"]);
    expect(tried.status).toBe(4);
    expect(tried.stdout).toContain(join(cache, "cache/download/example.com/a/@v/list"));
    expect(tried.stdout).toContain(`sudo gomodcache-init --cache-dir ${cache} --owner 2001`);
    expect(show(join(cache, "cache/lock"))).toBe("2001:2001 644");
    expect(init(alice, ["--cache-dir", join(lab, "home/new")])).toMatchObject({ status: 0 });
    expect(init(alice, ["--cache-dir", join(lab, "elsewhere/new")])).toMatchObject({ status: 4 });
  });

  it("is an entrypoint: quiet, then the command as the owner, with its status", () => {
    const cache = join(lab, "m");
    fill(cache);
    const entry = (...command: string[]): Ran =>
      init(root, ["--cache-dir", cache, "--owner", "2001:2001", "--umask", "027", "--", ...command]);
    const ran = entry("sh", "-c", 'id -u; id -g; umask; echo "$GOMODCACHE"; cat "$GOMODCACHE/cache/lock"; exit 7');
    expect(ran.stdout).toBe(`2001\n2001\n0027\n${cache}\n`);
    expect(ran.status).toBe(7);
    expect(show(cache)).toBe("2001:2001 750");
    expect(entry("no-such-command").status).toBe(127);
  });

  it("does not start the command if the cache could not be prepared", () => {
    const cache = join(lab, "m");
    fill(cache);
    chownSync(join(cache, "cache/lock"), 4444, 4444);
    const ran = init(root, ["--cache-dir", cache, "--owner", "2001", "--", "touch", join(lab, "home/started")]);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("--from 4444");
    expect(readdirSync(join(lab, "home"))).toEqual([]);
  });

  it("follows a link only where nobody else could have put it", () => {
    fill(join(lab, "real"));
    symlinkSync(join(lab, "real"), join(lab, "link"));
    expect(init(root, ["--cache-dir", join(lab, "link"), "--owner", "2001"])).toMatchObject({ status: 0 });
    expect(show(join(lab, "real/cache/lock"))).toBe("2001:2001 644");
    mkdirSync(join(lab, "victim"));
    symlinkSync(join(lab, "victim"), join(lab, "home/go"));
    const refused = init(root, ["--cache-dir", join(lab, "home/go"), "--owner", "2001"]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("symbolic link");
    expect(init(root, ["--cache-dir", join(lab, "home/go/pkg/mod"), "--owner", "2001"]).status).toBe(1);
    expect(readdirSync(join(lab, "victim"))).toEqual([]);
    expect(show(join(lab, "victim"))).toBe("0:0 755");
  });

  it("keeps the setting for CI and for go, once", () => {
    const cache = join(lab, "m");
    const file = join(lab, "github-env");
    writeFileSync(file, "");
    for (let time = 0; time < 2; time += 1)
      expect(init(root, ["--cache-dir", cache, "--persist", "github"], { GITHUB_ENV: file }).status).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(`GOMODCACHE=${cache}\n`);
    const home = { HOME: join(lab, "home"), GOENV: "" };
    chownSync(join(lab, "home"), 0, 0);
    expect(init(root, ["--cache-dir", cache, "--persist", "shell"], { ...home, SHELL: "/bin/bash" }).status).toBe(0);
    expect(readdirSync(join(lab, "home")).length).toBe(1);
  });

  it("says what would be done, and does nothing", () => {
    const dry = init(root, ["--cache-dir", join(lab, "m"), "--dry-run"]);
    expect(dry.stdout).toContain("would be made");
    expect(readdirSync(lab)).toEqual(["home"]);
  });
});
