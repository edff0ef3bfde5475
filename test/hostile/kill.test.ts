// Case 33: SIGKILL at random moments. Nothing is more open than it was or shall be, the next run ends where an undisturbed one
// does, and undo of all runs gives everything back.

import { execFile, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { before, executable } from "../e2e/program.ts";
import { randomOf } from "../random.ts";
import { attacker, describeHostile, makeArena, neighbour, stateOf, stranger, textOf } from "./arena.ts";
import { type Dumped, parseDump, rightsOf } from "./rights.ts";

/** 200 in CI, 1,000 by hand; in lanes beside each other, each with a cache of its own. */
const kills = Number(process.env["KILLS"] ?? 200);
const lanes = 2;
const modules = Number(process.env["KILL_MODULES"] ?? 40);
const seed = Number(process.env["SEED"] ?? 20261124);

/** A group that the attacker and the neighbour are in; no file lists it, so everybody could be. */
const shared = 5000;

/** A cache that root, umask 077, an interrupted go clean and several users spoiled, with ACLs here and there. */
function spoiled(cache: string, random: () => number): void {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const owners = [attacker, attacker, 0, 0, 0, neighbour, stranger];
  const withAcl: string[] = [];
  const withDefault: string[] = [];
  const entries: [path: string, mode: number][] = [];
  const directory = (path: string, modes: readonly number[]) => {
    mkdirSync(path, { recursive: true });
    entries.push([path, pick(modes)]);
    if (random() < 0.1) withDefault.push(path);
  };
  const file = (path: string, modes: readonly number[]) => {
    writeFileSync(path, textOf(path));
    entries.push([path, pick(modes)]);
    if (random() < 0.05) withAcl.push(path);
  };
  for (let at = 0; at < modules; at += 1) {
    const versions = join(cache, `cache/download/example.com/m${at}/@v`);
    const tree = join(cache, `example.com/m${at}@v1.0.0`);
    directory(join(cache, `cache/download/example.com/m${at}`), [0o755, 0o700, 0o777]);
    directory(versions, [0o755, 0o700, 0o777, 0o2775]);
    for (const name of ["list", "v1.0.0.info", "v1.0.0.mod", "v1.0.0.zip", "v1.0.0.ziphash", "v1.0.0.lock"])
      file(join(versions, name), [0o644, 0o600, 0o666, 0o400]);
    directory(tree, [0o555, 0o500, 0o777, 0o755]);
    for (let folder = 0; folder < 3; folder += 1) {
      directory(join(tree, `p${folder}`), [0o555, 0o500, 0o777]);
      for (let source = 0; source < 15; source += 1)
        file(join(tree, `p${folder}/f${source}.go`), [0o444, 0o400, 0o644, 0o666, 0o600]);
    }
  }
  // From the deepest up, so that nothing is closed too early.
  for (const [path, mode] of entries.reverse()) {
    const uid = pick(owners);
    chownSync(path, uid, pick([uid, uid, shared]));
    chmodSync(path, mode);
  }
  const setfacl = (acl: string, paths: readonly string[]) => execFileSync("setfacl", ["-m", acl, "--", ...paths]);
  setfacl(`u:${stranger}:rwx`, withAcl);
  setfacl(`d:u:${stranger}:rwx,d:g::rwx`, withDefault);
  chownSync(cache, attacker, attacker);
}

const subjects = [
  ...[attacker, neighbour, stranger, 65533].map((uid) => ({ uid, groups: [uid] })),
  { uid: 4000, groups: [shared] },
  { uid: 4001, groups: [0] },
  { uid: 4002, groups: [attacker] },
];

/** Entries that give somebody a right that neither the state before gives nor the one that is to come. */
function tooOpen(now: readonly Dumped[], states: readonly (readonly Dumped[])[]): string[] {
  const found: string[] = [];
  for (const [at, entry] of now.entries()) {
    for (const who of subjects) {
      const allowed = states.reduce((all, state) => all | rightsOf(state[at] as Dumped, who), 0);
      const has = rightsOf(entry, who);
      if ((has & ~allowed) !== 0)
        found.push(`${entry.path}: user ${who.uid} of group ${who.groups} has ${has}, not ${allowed}`);
    }
  }
  return found;
}

interface Ran {
  readonly status: number;
  readonly output: string;
}

const environment = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };

function run(args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { cwd: "/", env: environment, maxBuffer: 1 << 28, timeout: 120_000 };
    const child = execFile(executable, [...before, ...args], options, (error, stdout, stderr) => {
      if (child.exitCode === null) reject(error ?? new Error(`${child.signalCode}`));
      else resolve({ status: child.exitCode, output: stdout + stderr });
    });
  });
}

/** @returns whether it was still running when the time had come */
async function runAndKill(args: readonly string[], milliseconds: number): Promise<boolean> {
  const child = spawn(executable, [...before, ...args], {
    cwd: "/",
    env: environment,
    stdio: "ignore",
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await Promise.race([setTimeout(milliseconds), ended]);
  const { pid } = child;
  child.kill("SIGKILL");
  await ended;
  // A setfacl that it had started ends by itself.
  while (isAlive(-(pid as number))) await setTimeout(2);
  return child.signalCode === "SIGKILL";
}

interface Variant {
  readonly name: string;
  readonly args: readonly string[];
}

interface Counted {
  readonly entries: number;
  readonly times: string;
  /** Kills that left some entries changed and others not. */
  readonly amid: number;
  /** Kills that came after the end. */
  readonly late: number;
}

/** Kills runs over one cache, one after the other. */
async function killAgainAndAgain(directory: string, kills: number, seed: number): Promise<Counted> {
  const random = randomOf(seed);
  const cache = join(directory, "mod");
  const stateDirectory = join(directory, "state");
  mkdirSync(cache);
  spoiled(cache, random);
  const original = stateOf(cache);
  const originalDumped = original.map(parseDump);
  const common = ["--cache-dir", cache, "--state-dir", stateDirectory, "--owner", `${attacker}:${attacker}`];
  const taking = ["--from", `${neighbour}`, "--no-progress"];
  const variants: Variant[] = [
    { name: "fix", args: ["fix", "--yes", ...common, ...taking] },
    {
      name: "fix for a group",
      args: ["fix", "--yes", ...common, ...taking, "--contract", "group", "--group", `${shared}`],
    },
    { name: "init", args: ["init", "--deep", ...common, ...taking, "--umask", "077"] },
  ];
  const undoArgs = ["undo", "--state-dir", stateDirectory, "--no-progress"];
  const undoAll = async (): Promise<string[]> => {
    const outputs: string[] = [];
    for (let at = 0; at < 10; at += 1) {
      const { status, output } = await run(undoArgs);
      outputs.push(`${status}: ${output}`);
      if (output.includes("there is nothing to undo")) return outputs;
    }
    throw new Error(`undo finds no end:\n${outputs.join("\n")}`);
  };

  // How long each takes undisturbed, and where it ends.
  const expected = [];
  for (const { name, args } of variants) {
    const started = performance.now();
    const { status, output } = await run(args);
    const milliseconds = performance.now() - started;
    const lines = stateOf(cache);
    expect(lines, `${name}: ${output}`).not.toEqual(original);
    const undoStarted = performance.now();
    const undone = await run(undoArgs);
    const undoMilliseconds = performance.now() - undoStarted;
    expect(undone.status, undone.output).toBe(0);
    expect(stateOf(cache), `undo of ${name}: ${undone.output}`).toEqual(original);
    rmSync(stateDirectory, { recursive: true });
    expected.push({ status, lines, dumped: lines.map(parseDump), milliseconds, undoMilliseconds });
  }

  let amid = 0;
  let late = 0;
  for (let at = 0; at < kills; at += 1) {
    const which = at % variants.length;
    const { args, name } = variants[which] as Variant;
    const end = expected[which] as (typeof expected)[number];
    // Spread evenly over the whole run, in a random order of places: one in each of as many slices as there are kills.
    const share = (((at * 7919) % kills) + random()) / kills;
    const what = `${name}, kill ${at} at ${Math.round(share * 100)} % (seed ${seed})`;
    const killsUndo = at % 4 === 3;
    if (killsUndo) expect((await run(args)).status).toBe(end.status);
    const victim = killsUndo ? undoArgs : args;
    if (!(await runAndKill(victim, share * (killsUndo ? end.undoMilliseconds : end.milliseconds)))) late += 1;
    const lines = stateOf(cache);
    const now = lines.map(parseDump);
    const sides = [original, end.lines].map((side) => new Set(side));
    if (sides.every((side) => lines.some((line) => !side.has(line)))) amid += 1;
    expect(tooOpen(now, [originalDumped, end.dumped]), what).toEqual([]);
    if (!killsUndo) {
      const again = await run(args);
      expect(again.status, `${what}: ${again.output}`).toBe(end.status);
      expect(changesBetween(stateOf(cache), end.lines), `${what}: ${again.output}`).toEqual([]);
    }
    const outputs = await undoAll();
    expect(changesBetween(stateOf(cache), original), `${what}: ${outputs.join("\n")}`).toEqual([]);
    // Half-written locks are all that may be left besides journals.
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(["mod"]));
    rmSync(stateDirectory, { recursive: true, force: true });
  }
  const times = expected.map(({ milliseconds }, at) => `${variants[at]?.name} ${Math.round(milliseconds)} ms`);
  return { entries: original.length, times: times.join(", "), amid, late };
}

describeHostile("case 33: killed", () => {
  test(`${kills} times`, { timeout: 600_000 + kills * 20_000 }, async () => {
    const arenas = Array.from({ length: lanes }, makeArena);
    const counted = await Promise.all(
      arenas.map((directory, lane) =>
        killAgainAndAgain(directory, Math.ceil((kills - lane) / lanes), seed + lane * 1000),
      ),
    );
    for (const { entries, times, amid, late } of counted) {
      console.log(
        `case 33: ${entries} entries; undisturbed: ${times}; ${amid} kills left some entries changed and others not, ${late} came after the end`,
      );
      // Kills that all miss the changes would prove nothing.
      expect(amid).toBeGreaterThan(0);
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Lines that differ, both sides of each, a few of them. */
function changesBetween(now: readonly string[], then: readonly string[]): string[] {
  const before = new Set(then);
  const after = new Set(now);
  return [
    ...now.filter((line) => !before.has(line)).map((line) => `now  ${line}`),
    ...then.filter((line) => !after.has(line)).map((line) => `then ${line}`),
  ].slice(0, 10);
}
