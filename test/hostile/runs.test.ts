// What else than the tree can be attacked: the journal, the lock, plan files, options and the environment; and go at work meanwhile.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { goEnvironment, goProgram, makeProxy, runAs, type TestModule } from "../e2e/lab.ts";
import { before, executable } from "../e2e/program.ts";
import {
  type Arena,
  attacker,
  describeHostile,
  fix,
  gomodcache,
  lay,
  makeScene,
  metadata,
  neighbour,
  startAttack,
  stateOf,
  stop,
  stranger,
} from "./arena.ts";
import { raceSeconds } from "./race.ts";

function journalOf({ state }: Arena): string {
  return join(state, readdirSync(state).find((name) => name.endsWith(".journal")) as string);
}

describeHostile("case 24: the journal", () => {
  const tampers: [string, (journal: string) => void][] = [
    [
      "a changed line",
      (journal) => writeFileSync(journal, readFileSync(journal, "utf8").replace('"uid":0', '"uid":1')),
    ],
    [
      "a line taken out",
      (journal) => {
        const lines = readFileSync(journal, "utf8").split("\n");
        writeFileSync(journal, [...lines.slice(0, 2), ...lines.slice(3)].join("\n"));
      },
    ],
    ["a line added", (journal) => appendFileSync(journal, `${JSON.stringify({ names: [".."], sets: [] })}\tffff\n`)],
    ["no hashes", (journal) => writeFileSync(journal, readFileSync(journal, "utf8").replace(/\t[0-9a-f]+$/gm, ""))],
    ["something else altogether", (journal) => writeFileSync(journal, "\0\n\n")],
  ];

  test.each(tampers)("with %s is refused, and nothing is undone", (_, tamper) => {
    const scene = makeScene();
    expect(fix(scene).status).toBe(0);
    const before = stateOf(scene.cache);
    tamper(journalOf(scene));
    for (const id of [[], [journalOf(scene).split("/").at(-1)?.replace(".journal", "") as string]]) {
      const ran = gomodcache(["undo", "--state-dir", scene.state, ...id]);
      expect(ran.status, ran.output).toBe(1);
      expect(ran.stderr).toContain("was changed after it was written");
    }
    expect(gomodcache(["undo", "--list", "--state-dir", scene.state]).status).toBe(1);
    expect(stateOf(scene.cache)).toEqual(before);
  });

  test("whose last line was cut off, as by a power failure, is used up to there", () => {
    const scene = makeScene();
    const original = stateOf(scene.cache);
    expect(fix(scene).status).toBe(0);
    const journal = journalOf(scene);
    const text = readFileSync(journal, "utf8");
    const end = text.lastIndexOf("\n", text.length - 2);
    truncateSync(journal, Buffer.byteLength(text.slice(0, end + 20)));
    expect(gomodcache(["undo", "--list", "--state-dir", scene.state]).stdout).toContain("cut off");
    expect(gomodcache(["undo", "--state-dir", scene.state]).status).toBe(0);
    expect(stateOf(scene.cache)).toEqual(original);
  });

  const places: [string, (scene: Arena) => void, RegExp][] = [
    ["a state directory of another user", ({ state }) => chownSync(state, attacker, attacker), /belongs to user 2001/],
    ["a state directory that everybody may write", ({ state }) => chmodSync(state, 0o777), /others can enter it/],
    ["a state directory that the group may enter", ({ state }) => chmodSync(state, 0o750), /others can enter it/],
    [
      "a link of the attacker's in place of the state directory",
      ({ state, directory }) => {
        const elsewhere = join(directory, "home/state");
        renameSync(state, elsewhere);
        symlinkSync(elsewhere, state);
        lchownSync(state, attacker, attacker);
      },
      /symbolic link that user 2001 could point elsewhere/,
    ],
    [
      "a journal of another user",
      (scene) => chownSync(journalOf(scene), attacker, attacker),
      /written by somebody else/,
    ],
    ["a journal that everybody may write", (scene) => chmodSync(journalOf(scene), 0o666), /written by somebody else/],
    [
      "a link in place of the journal",
      (scene) => {
        const journal = journalOf(scene);
        renameSync(journal, `${journal}.real`);
        symlinkSync(`${journal}.real`, journal);
      },
      /written by somebody else/,
    ],
    [
      "a pipe in place of the journal",
      (scene) => {
        const journal = journalOf(scene);
        rmSync(journal);
        execFileSync("mkfifo", ["-m", "600", journal]);
      },
      /written by somebody else/,
    ],
  ];

  test.each(places)("%s: refused by undo", (_, spoil, message) => {
    const scene = makeScene();
    expect(fix(scene).status).toBe(0);
    const before = stateOf(scene.cache);
    spoil(scene);
    const ran = gomodcache(["undo", "--state-dir", scene.state], { timeout: 20_000 });
    expect([1, 2], ran.output).toContain(ran.status);
    expect(ran.output.replace(/\s+/g, " ")).toMatch(message);
    expect(ran.output).not.toContain("internal error");
    expect(stateOf(scene.cache)).toEqual(before);
  });

  test.each(places.slice(0, 4))("%s: refused by fix, before anything is changed", (_, spoil, message) => {
    const scene = makeScene();
    mkdirSync(scene.state, { mode: 0o700 });
    const before = stateOf(scene.cache);
    spoil(scene);
    const ran = fix(scene);
    expect([1, 2], ran.output).toContain(ran.status);
    expect(ran.output).toMatch(message);
    expect(stateOf(scene.cache)).toEqual(before);
  });

  test("never lies in the cache, by whatever path it is named", () => {
    const scene = makeScene();
    symlinkSync(scene.cache, join(scene.directory, "alias"));
    const before = stateOf(scene.cache);
    for (const state of [
      scene.cache,
      join(scene.cache, "state"),
      `${scene.cache}/example.com/../state`,
      join(scene.directory, "alias/state"),
    ]) {
      const ran = fix({ ...scene, state });
      expect(ran.status, `${state}: ${ran.output}`).toBe(2);
      expect(ran.output).toContain("lies in the cache");
    }
    expect(stateOf(scene.cache)).toEqual(before);
  });

  test("undo leaves a file that took the place, and the inode, of the one that the run changed", () => {
    const scene = makeScene();
    const file = join(scene.cache, "example.com/a@v1.0.0/go.mod");
    expect(fix(scene).status).toBe(0);
    rmSync(file);
    // ext4 gives the inode to the next file that is made.
    writeFileSync(file, "another", { mode: 0o444 });
    chownSync(file, attacker, attacker);
    const ran = gomodcache(["undo", "--state-dir", scene.state]);
    expect(ran.status, ran.output).toBe(1);
    expect(ran.output).toContain("something else is there now");
    expect(metadata(file)).toEqual({ uid: attacker, gid: attacker, mode: 0o444 });
  });

  test("undo of an undo, and of several runs in turn, ends where it began", () => {
    const scene = makeScene();
    const original = stateOf(scene.cache);
    const runs = [[], ["--contract", "group", "--group", `${attacker}`], ["--umask", "077"]];
    for (const more of runs) expect(fix(scene, more).status).toBe(0);
    for (const _ of runs) expect(gomodcache(["undo", "--state-dir", scene.state]).status).toBe(0);
    expect(stateOf(scene.cache)).toEqual(original);
    const ran = gomodcache(["undo", "--state-dir", scene.state]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("there is nothing to undo");
  });
});

describeHostile("case 28: two runs at once", () => {
  test("the second waits for the first, and says for whom", async () => {
    const scene = makeScene();
    const files = Array.from({ length: 4_000 }, (_, at) => [`v1.${at}.0.info`, { uid: 0, mode: 0o600, text: "{}" }]);
    lay(scene.versions, Object.fromEntries(files));
    const args = ["--cache-dir", scene.cache, "--state-dir", scene.state, "--owner", `${attacker}:${attacker}`];
    const start = (umask: string) =>
      new Promise<{ status: number | null; output: string }>((resolve) => {
        const child = spawn(executable, [...before, "fix", "--yes", "--umask", umask, ...args], { cwd: "/" });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += part));
        child.on("close", (status) => resolve({ status, output }));
      });
    const [first, second] = await Promise.all([start("022"), start("027")]);
    for (const { status, output } of [first, second]) expect([0, 1], output).toContain(status);
    expect(gomodcache(["fix", "--yes", "--umask", "022", ...args]).status).toBe(0);
    expect(metadata(join(scene.versions, "v1.0.0.info")).mode).toBe(0o644);
    expect(readdirSync(scene.state).filter((name) => name.includes(".lock"))).toEqual([]);
  });

  test("a lock whose holder lives is waited for; one whose holder has died is taken over", async () => {
    const scene = makeScene();
    expect(fix(scene).status).toBe(0);
    const root = execFileSync("stat", ["-c", "%d-%i", scene.cache], { encoding: "utf8" }).trim();
    const lock = join(scene.state, `${root}.lock`);
    const started = (pid: number): string =>
      readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ")[19] as string;
    const sleeper = spawn("sleep", ["60"]);
    onTestFinished(() => stop(sleeper));
    const holder = {
      pid: sleeper.pid as number,
      started: started(sleeper.pid as number),
      namespace: execFileSync("readlink", ["/proc/self/ns/pid"], { encoding: "utf8" }).trim(),
      boot: readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim(),
      command: "fix",
    };
    writeFileSync(lock, JSON.stringify(holder), { mode: 0o600 });
    const child = spawn(
      executable,
      [
        ...[...before, "fix", "--yes", "--umask", "027", "--cache-dir", scene.cache, "--state-dir", scene.state],
        ...["--owner", `${attacker}:${attacker}`],
      ],
      { cwd: "/", stdio: ["ignore", "ignore", "pipe"] },
    );
    let told = "";
    child.stderr.on("data", (part) => (told += part));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    while (!told.includes("waiting for") && child.exitCode === null) await setTimeout(20);
    expect(told).toContain(`waiting for process ${sleeper.pid} (gomodcache fix)`);
    expect(metadata(join(scene.versions, "list")).mode).toBe(0o644);
    await stop(sleeper);
    expect(await ended).toBe(0);
    expect(metadata(join(scene.versions, "list")).mode).toBe(0o640);
    expect(existsSync(lock)).toBe(false);
    // The PID was given to another process since; and a lock that is no text at all.
    for (const text of [JSON.stringify({ ...holder, pid: process.pid, started: "1" }), "", "\0{"]) {
      writeFileSync(lock, text, { mode: 0o600 });
      chmodSync(join(scene.versions, "list"), 0o600);
      expect(fix(scene, [], { timeout: 20_000 }).status).toBe(0);
    }
  });
});

describeHostile("case 34: numbers", () => {
  const wrong: [string[], RegExp][] = [
    [["--umask", "8"], /umask/],
    [["--umask", "-1"], /umask/],
    [["--umask", "0o22"], /umask/],
    [["--umask", "1000"], /umask/],
    [["--umask", "000"], /everybody/],
    [["--umask", "700"], /owner/],
    [["--owner", "4294967295"], /4294967295/],
    [["--owner", "4294967296:1"], /4294967296/],
    [["--owner", "1:4294967295"], /4294967295/],
    [["--owner", "-1"], /-1|argument/],
    [["--owner", "1e3"], /1e3/],
    [["--owner", "0x7d1"], /0x7d1/],
    [["--owner", "nobody-is-called-so"], /nobody-is-called-so/],
    [["--group", "4294967295"], /4294967295/],
    [["--group", "99999999999999999999"], /99999999999999999999/],
    [["--from", "4294967295"], /UIDs/],
    [["--from", "1,,2"], /UIDs/],
    [["--contract", "open"], /open/],
    [["--contract", "group", "--umask", "077"], /does not go with/],
  ];

  test.each(wrong)("%j is refused, and nothing is changed", (args, message) => {
    const scene = makeScene();
    const before = stateOf(scene.cache);
    for (const verb of [["fix", "--yes"], ["init"]]) {
      const owner = args[0] === "--owner" ? [] : ["--owner", `${attacker}`];
      const ran = gomodcache([...verb, "--cache-dir", scene.cache, "--state-dir", scene.state, ...owner, ...args]);
      expect(ran.status, ran.output).toBe(2);
      expect(ran.output).toMatch(message);
    }
    expect(stateOf(scene.cache)).toEqual(before);
  });

  test("the largest IDs are IDs like any other", () => {
    const scene = makeScene();
    const largest = 4294967294;
    const ran = fix(scene, ["--owner", `${largest}:${largest}`]);
    expect(ran.status, ran.output).toBe(0);
    expect(metadata(join(scene.versions, "list"))).toEqual({ uid: largest, gid: largest, mode: 0o644 });
    const undone = gomodcache(["undo", "--state-dir", scene.state]);
    expect(undone.status, undone.output).toBe(0);
    expect(metadata(join(scene.versions, "list")).uid).toBe(attacker);
  });
});

describeHostile("bad input: plan files", () => {
  const edits: [string, (text: string, scene: Arena) => string, number][] = [
    ["with another owner in it", (text) => text.replaceAll(`"uid": ${attacker}`, `"uid": ${stranger}`), 1],
    ["with another mode in it", (text) => text.replace(/"mode": "0644"/g, '"mode": "0666"'), 1],
    ["for another directory", (text, { cache, victim }) => text.replaceAll(cache, victim), 1],
    ["that leads out of the cache", (text) => text.replace('"list"', '"../../../../../../../victim/list"'), 1],
    ["that is cut off", (text) => text.slice(0, text.length / 2), 2],
    ["that is empty", () => "", 2],
    ["that is null", () => "null", 2],
    ["that is a list", () => "[]", 2],
    ["whose entries are none", (text) => text.replace(/"entries": \[/, '"entries": [null, 1, "x", {},'), 1],
    [
      "for -1",
      (text) => text.replace(/"contract": \{[^}]*"uid": \d+/, (part) => part.replace(/\d+$/, "4294967295")),
      2,
    ],
    ["for an open umask", (text) => text.replace(/"umask": \d+/, '"umask": 511'), 2],
  ];

  test.each(edits)("a plan %s is refused, and nothing is changed", (_, edit, status) => {
    const scene = makeScene();
    const plan = join(scene.directory, "plan.json");
    const made = gomodcache([
      ...["fix", "--cache-dir", scene.cache, "--owner", `${attacker}:${attacker}`, "--plan-out", plan],
    ]);
    expect(made.status, made.output).toBe(0);
    const text = readFileSync(plan, "utf8");
    const edited = edit(text, scene);
    expect(edited).not.toBe(text);
    writeFileSync(plan, edited);
    const before = stateOf(scene.cache, scene.victim);
    const ran = gomodcache(["fix", "--plan", plan, "--yes", "--state-dir", scene.state]);
    expect(ran.status, ran.output).toBe(status);
    expect(ran.output).not.toContain("internal error");
    expect(stateOf(scene.cache, scene.victim)).toEqual(before);
  });
});

describeHostile("case 35: the environment of sudo's caller", () => {
  test("what the attacker left in the working directory, in the cache or on PATH is not executed", () => {
    const scene = makeScene();
    const canary = join(scene.directory, "canary");
    const trap = `#!/bin/sh\necho trapped > ${canary}\nexit 1\n`;
    const project = join(scene.directory, "home/project");
    lay(project, {
      "go.mod": { text: "module m\n\ngo 1.99\n\ntoolchain go1.99.0\n" },
      "go.work": { text: "go 1.99\n\ntoolchain go1.99.0\n" },
      "bin/go": { text: trap, mode: 0o755 },
      "bin/getfacl": { text: trap, mode: 0o755 },
      "bin/setfacl": { text: trap, mode: 0o755 },
      "bin/lsattr": { text: trap, mode: 0o755 },
      "bin/setpriv": { text: trap, mode: 0o755 },
      "bin/timeout": { text: trap, mode: 0o755 },
      "home/.config/go/env": { text: `GOTOOLCHAIN=go1.99.0\nGOROOT=${project}\nGOMODCACHE=/etc\n` },
    });
    const architecture = process.arch === "x64" ? "amd64" : process.arch;
    lay(scene.cache, {
      [`golang.org/toolchain@v0.0.1-go1.99.0.linux-${architecture}/bin/go`]: { text: trap, mode: 0o755 },
    });
    const victims = stateOf(scene.victim, "/etc/passwd", "/etc/shadow");
    const env = {
      PATH: `${project}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: `${project}/home`,
      GOROOT: project,
      GOTOOLCHAIN: "go1.99.0",
      GOFLAGS: "-toolexec=/bin/false -modcacherw",
      GOMODCACHE: scene.cache,
      SUDO_UID: `${attacker}`,
      SUDO_GID: `${attacker}`,
      SUDO_USER: "attacker",
      XDG_STATE_HOME: `${project}/state`,
      XDG_CONFIG_HOME: `${project}/home/.config`,
      TMPDIR: project,
      LD_LIBRARY_PATH: project,
    };
    for (const args of [["fix", "--yes"], ["init", "--deep", "--persist", "none"], ["doctor"]]) {
      const state = args[0] === "doctor" ? [] : ["--state-dir", scene.state];
      const ran = gomodcache([...args, "--cache-dir", scene.cache, ...state], { cwd: project, env });
      expect([0, 1, 3], ran.output).toContain(ran.status);
    }
    expect(existsSync(canary)).toBe(false);
    expect(existsSync(join(project, "state"))).toBe(false);
    expect(stateOf(scene.victim, "/etc/passwd", "/etc/shadow")).toEqual(victims);
    expect(metadata(join(scene.versions, "list")).uid).toBe(attacker);
  });

  test.each(["/", "/etc", "/home", "/root", "/usr/lib", "/var/lib", "/proc/self", "/dev/shm/..", "relative"])(
    "GOMODCACHE=%s is refused",
    (directory) => {
      const scene = makeScene();
      for (const args of [["fix", "--yes"], ["init"]]) {
        const ran = gomodcache([...args, "--state-dir", scene.state], {
          env: { GOMODCACHE: directory, SUDO_UID: `${attacker}`, SUDO_GID: `${attacker}` },
        });
        expect([1, 2], ran.output).toContain(ran.status);
        expect(ran.output).not.toContain("internal error");
      }
    },
  );
});

describeHostile("case 21: ACLs", () => {
  test("what the former owner gave to themselves, or to what is made later, does not survive the hand-over", () => {
    const scene = makeScene();
    execFileSync("setfacl", ["-R", "-m", `u:${attacker}:rwx,u:${stranger}:rw`, scene.cache]);
    execFileSync("setfacl", ["-R", "-m", `d:u:${attacker}:rwx`, scene.cache]);
    // The trap of the mask: the group's bits in the mode are the mask, not what the group has.
    execFileSync("setfacl", ["-m", "g::rwx,m::---", join(scene.versions, "list")]);
    const ran = fix(scene, ["--owner", `${neighbour}:${neighbour}`]);
    expect(ran.status, ran.output).toBe(0);
    for (const line of stateOf(scene.cache)) {
      expect(line).not.toContain("posix_acl");
      expect(line).toMatch(new RegExp(`\\t${neighbour}:${neighbour} `));
    }
    expect(metadata(join(scene.versions, "list")).mode).toBe(0o644);
  });

  test("that are hidden from the survey, by exchanging a directory, are found on the entry itself", async () => {
    let runs = 0;
    let hidden = 0;
    for (const end = Date.now() + raceSeconds * 1000; Date.now() < end; runs += 1) {
      const scene = makeScene();
      // The twin has the same names, and no ACLs.
      const twin = join(scene.versions, "../@w");
      execFileSync("cp", ["-a", scene.versions, twin]);
      const files = readdirSync(scene.versions).map((name) => join(scene.versions, name));
      execFileSync("setfacl", ["-m", `u:${attacker}:rwx`, ...files]);
      const child = await startAttack(attacker, "exchange", scene.versions, twin);
      const ran = fix(scene, ["--owner", `${neighbour}:${neighbour}`, "--every-acl"]);
      await stop(child);
      expect([0, 1, 3], ran.output).toContain(ran.status);
      const kept = stateOf(scene.cache).filter(
        (line) => line.includes("posix_acl") && line.includes(`\t${neighbour}:`),
      );
      const told =
        ran.document.applied?.troubles.filter(({ reason }) => reason.includes("ACL that was not there")) ?? [];
      hidden += told.length;
      expect(kept.length, JSON.stringify(ran.document.applied)).toBeLessThanOrEqual(told.length);
    }
    console.log(
      `case 21: ${runs} runs against exchanged directories; ${hidden} hidden ACLs were found after the hand-over`,
    );
    expect(runs).toBeGreaterThan(0);
  });
});

describeHostile("cases 26 and 27: go at work meanwhile", () => {
  const modules: TestModule[] = Array.from({ length: 40 }, (_, at) => ({
    path: `example.com/m${at}`,
    version: "v1.0.0",
    files: { "go.mod": `module example.com/m${at}\n`, "m.go": "package m\n", "p/p.go": "package p\n" },
  }));

  test("downloads and cleans go on, and the cache is whole and under its contract in the end", async () => {
    const scene = makeScene();
    const home = join(scene.directory, "home");
    const proxy = makeProxy(join(scene.directory, "proxy"), modules);
    lay(home, {
      "app/go.mod": { text: `module app\n\nrequire (\n${modules.map(({ path }) => `\t${path} v1.0.0\n`).join("")})\n` },
    });
    const cache = join(home, "cache");
    mkdirSync(cache);
    chownSync(cache, attacker, attacker);
    const env = goEnvironment({ home, cache, buildCache: join(home, "build"), proxy });
    const user = { uid: attacker, gid: attacker, groups: [], umask: 0o022 };
    const cwd = join(home, "app");
    const go = (...args: string[]) => runAs(user, [goProgram, ...args], { cwd, env });
    expect(go("mod", "download").status).toBe(0);
    const script = `while :; do "$0" mod download || echo "download failed"; "$0" clean -modcache || echo "clean failed"; done`;
    const child = spawn(
      "setpriv",
      [`--reuid=${attacker}`, `--regid=${attacker}`, "--clear-groups", "sh", "-c", script, goProgram],
      { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true },
    );
    let told = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (told += part));
    const end = () => {
      try {
        process.kill(-(child.pid as number), "SIGKILL");
      } catch {
        // It has ended.
      }
    };
    onTestFinished(end);
    let runs = 0;
    for (const until = Date.now() + raceSeconds * 1000; Date.now() < until; runs += 1) {
      const ran = gomodcache([
        ...(runs % 2 === 0 ? ["fix", "--yes"] : ["init", "--deep"]),
        ...["--cache-dir", cache, "--state-dir", scene.state, "--owner", `${attacker}:${attacker}`],
        ...["--umask", runs % 4 < 2 ? "022" : "027"],
      ]);
      // Gone entries are no failure; a cache that is gone altogether, or emptied down to odd remains, is one of status 1.
      expect([0, 1, 2, 3], ran.output).toContain(ran.status);
      expect(ran.output).not.toContain("internal error");
      await setTimeout(1);
    }
    end();
    await new Promise((resolve) =>
      child.exitCode === null && child.signalCode === null ? child.once("exit", resolve) : resolve(0),
    );
    expect(runs).toBeGreaterThan(0);
    const failed = told.split("\n").filter((line) => / failed$/.test(line));
    // A clean opens directories to empty them, which a repair closes again: it fails, says so, and can be repeated.
    console.log(`cases 26 and 27: ${runs} runs beside go; ${failed.length} of its commands failed`);
    expect(
      failed.filter((line) => line !== "clean failed"),
      told,
    ).toEqual([]);
    expect(go("clean", "-modcache").status).toBe(0);
    expect(go("mod", "download").status).toBe(0);
    const last = gomodcache(["fix", "--yes", "--cache-dir", cache, "--state-dir", scene.state, "--umask", "022"]);
    expect(last.status, last.output).toBe(0);
    expect(go("mod", "verify").stdout).toContain("all modules verified");
  });

  test("a module that is being extracted (.partial) is left alone", async () => {
    const scene = makeScene();
    lay(scene.versions, { "v1.0.0.partial": {}, "v1.0.0.lock": { text: "" } });
    const tree = join(scene.cache, "example.com/a@v1.0.0");
    const before = stateOf(tree);
    // As go does while it extracts; without that lock the tree is a leftover, and goes.
    const lock = join(scene.versions, "v1.0.0.lock");
    const extracting = spawn("flock", ["--no-fork", lock, "sleep", "60"], { stdio: "ignore" });
    onTestFinished(() => stop(extracting));
    while (spawnSync("flock", ["-n", lock, "true"]).status === 0) await setTimeout(20);
    const ran = fix(scene);
    expect(new Set(ran.document.refused.map(({ reason }) => reason))).toEqual(new Set(["half-extracted"]));
    expect(stateOf(tree)).toEqual(before);
    await stop(extracting);
    // Where it sees no go command of anybody else on this machine: while there is one, contents stay.
    const alone = ["unshare", "--pid", "--fork", "--mount-proc"];
    expect(fix(scene, [], { through: alone }).document.applied?.failed).toBe(0);
    expect(existsSync(tree)).toBe(false);
  });
});

test("each of the 38 cases has a test", () => {
  const texts = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"))
    .join("\n");
  const found = new Set(
    [...texts.matchAll(/\bcases? (\d+)(?: and (\d+))?/g)].flatMap(([, one, two]) => [Number(one), Number(two ?? one)]),
  );
  // 38 is the victim's state, which nearly all of them compare.
  const absent = Array.from({ length: 37 }, (_, at) => at + 1).filter((number) => !found.has(number));
  expect(absent).toEqual([]);
  expect(spawnSync("grep", ["-rlE", "victim", import.meta.dirname], { encoding: "utf8" }).stdout).toContain("races");
});
