// Where attackers meet the built program: a cache that user 2001 controls, a victim of root's beside it, and the means of attack.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, onTestFinished } from "vitest";
import { command } from "../e2e/program.ts";

/** The attacker, who owns the cache; another user; nobody's friend. */
export const attacker = 2001;
export const neighbour = 2002;
export const stranger = 2003;

const needed = ["gcc", "setpriv", "getfacl", "setfacl", "chattr", "unshare", "prlimit"];

function missing(): string | undefined {
  if (process.platform !== "linux") return "the attacks are Linux's";
  if (process.geteuid?.() !== 0) return "needs root, to be attacked and to become the attacker";
  const absent = needed.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).error !== undefined);
  return absent === undefined ? undefined : `${absent} is not installed`;
}

const reason = missing();

/** describe(), or a skip that says why. CI counts a skip as a failure. */
export function describeHostile(title: string, tests: () => void): void {
  describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, tests);
}

/** True if a command of the shell works on this machine, in a mount namespace of its own; what does not is said in the output. */
export function machineCan(what: string, script: string): boolean {
  if (reason !== undefined) return false;
  const { status, stderr } = spawnSync("unshare", ["-m", "sh", "-ec", script], { encoding: "utf8" });
  if (status !== 0) console.log(`not tested, this machine cannot: ${what} (${stderr.trim().split("\n")[0]})`);
  return status === 0;
}

let compiled: string | undefined;

// Each test file has a module of its own, and so a program. The worker's process is ended without an exit event.
afterAll(() => {
  if (compiled !== undefined) rmSync(dirname(compiled), { recursive: true });
  compiled = undefined;
});

/** The attackers' program; other users may run it. */
export function attackProgram(): string {
  if (compiled !== undefined) return compiled;
  const directory = mkdtempSync(join(tmpdir(), "gomodcache-attack-"));
  chmodSync(directory, 0o755);
  compiled = join(directory, "attack");
  execFileSync("gcc", ["-O2", "-Wall", "-o", compiled, join(import.meta.dirname, "attack.c")]);
  return compiled;
}

export function attack(...args: string[]): string {
  return execFileSync(attackProgram(), args, { encoding: "latin1", maxBuffer: 1 << 30 });
}

/** Owner, mode, inode, extended attributes (ACLs and capabilities are such) and content of everything at and below some paths. */
export function stateOf(...paths: string[]): string[] {
  return attack("dump", ...paths)
    .trimEnd()
    .split("\n")
    .sort();
}

/** A directory that everybody may enter, deleted after the test. */
export function makeArena(): string {
  const directory = mkdtempSync(join(tmpdir(), "gomodcache-hostile-"));
  chmodSync(directory, 0o755);
  onTestFinished(() => {
    // Unlike rmSync, rm(1) deletes paths of any length.
    const remove = () => spawnSync("rm", ["-rf", "--", directory]).status;
    if (remove() === 0) return;
    spawnSync("chattr", ["-R", "-i", "-a", directory], { stdio: "ignore" });
    remove();
  });
  return directory;
}

export interface Item {
  readonly text?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** Makes files with the directories on their way; names that end in a slash are directories. The owner is the attacker. */
export function lay(root: string, items: Readonly<Record<string, Item>>, owner = attacker): void {
  for (const [name, { text = name, mode, uid = owner, gid = uid }] of Object.entries(items)) {
    const path = join(root, name);
    for (const directory of missingParents(name.endsWith("/") ? path : dirname(path))) {
      mkdirSync(directory);
      chownSync(directory, owner, owner);
    }
    if (!name.endsWith("/")) writeFileSync(path, text);
    chownSync(path, uid, gid);
    if (mode !== undefined) chmodSync(path, mode);
  }
}

function missingParents(path: string): string[] {
  const paths: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) paths.unshift(at);
  return paths;
}

const versionFiles = "cache/download/example.com/a/@v";

/** The names of the files in the victim directory are those of the cache's, so that a swap of directories finds them. */
export const names = ["list", "v1.0.0.info", "v1.0.0.mod", "v1.0.0.zip", "v1.0.0.ziphash"] as const;

export interface Arena {
  readonly directory: string;
  /** GOMODCACHE, in a home of the attacker. */
  readonly cache: string;
  /** `cache/download/example.com/a/@v` in it. */
  readonly versions: string;
  readonly victim: string;
  readonly state: string;
}

/** What fix would not take for broken. */
export function textOf(name: string): string {
  return name.endsWith("ziphash") ? `h1:${"A".repeat(43)}=` : name;
}

/** A cache in the attacker's home, with entries that were left by root, and a victim directory of root's. */
export function makeScene(): Arena {
  const directory = makeArena();
  const cache = join(directory, "home/go/mod");
  mkdirSync(join(directory, "home"));
  chownSync(join(directory, "home"), attacker, attacker);
  lay(cache, {
    ...Object.fromEntries(names.map((name) => [`${versionFiles}/${name}`, { mode: 0o600, text: textOf(name) }])),
    "cache/lock": { uid: 0 },
    "example.com/a@v1.0.0/go.mod": { uid: 0, mode: 0o400, text: "module example.com/a\n" },
    "example.com/a@v1.0.0/a.go": { mode: 0o666, text: "package a\n" },
  });
  const victim = join(directory, "victim");
  makeVictim(victim);
  return { directory, cache, versions: join(cache, versionFiles), victim, state: join(directory, "state") };
}

/** Root's files of every kind that a careless change would be seen on. */
export function makeVictim(victim: string): void {
  const modes = [0o600, 0o644, 0o4755, 0o640, 0o600];
  lay(victim, Object.fromEntries(names.map((name, at) => [name, { mode: modes[at] as number }])), 0);
  execFileSync("setfacl", ["-m", `u:${neighbour}:r`, join(victim, "v1.0.0.zip")]);
  attack("xattr", join(victim, "v1.0.0.mod"), "user.note", "6b656570");
  // VFS_CAP_REVISION_2 with the effective bit and CAP_NET_RAW (linux/capability.h).
  attack("xattr", join(victim, "v1.0.0.ziphash"), "security.capability", `01000002${"00200000"}${"0".repeat(24)}`);
  lay(victim, { "deep/file": { mode: 0o600 } }, 0);
}

export interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Programs that start it, as setpriv and unshare do. */
  readonly through?: readonly string[];
  /** Milliseconds until it counts as hung. */
  readonly timeout?: number;
}

/** Runs the built program. */
export function gomodcache(args: readonly string[], options: RunOptions = {}): Ran {
  const argv = [...(options.through ?? []), ...command, ...args];
  const [first, ...rest] = argv as [string, ...string[]];
  const { status, signal, stdout, stderr, error } = spawnSync(first, rest, {
    cwd: options.cwd ?? "/",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...options.env },
    timeout: options.timeout ?? 60_000,
    killSignal: "SIGKILL",
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== "ETIMEDOUT") throw error;
  return { status, signal, stdout, stderr, output: stdout + stderr };
}

/** `fix` of a cache for the attacker, its owner, told as JSON. */
export function fix(
  { cache, state }: Pick<Arena, "cache" | "state">,
  more: readonly string[] = [],
  options: RunOptions = {},
): Ran & { readonly document: FixDocument } {
  const owner = more.includes("--owner") ? [] : ["--owner", `${attacker}:${attacker}`];
  const ran = gomodcache(
    ["fix", "--cache-dir", cache, "--state-dir", state, "--yes", "--json", ...owner, ...more],
    options,
  );
  let document = {} as FixDocument;
  try {
    document = JSON.parse(ran.stdout) as FixDocument;
  } catch {
    // Told by what the test expects of the status.
  }
  return { ...ran, document };
}

export interface FixDocument {
  readonly plan: readonly { readonly path: string }[];
  readonly refused: readonly { readonly path: string; readonly reason: string; readonly uid: number }[];
  readonly unseen: readonly string[];
  readonly applied?: {
    readonly id?: string;
    readonly changed: number;
    readonly skipped: number;
    readonly failed: number;
    readonly troubles: readonly { readonly path: string; readonly reason: string; readonly code?: string }[];
  };
}

/** Starts an attack as a user; it goes on until it is stopped. */
export async function startAttack(uid: number, ...args: string[]): Promise<ChildProcess> {
  const user = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--", attackProgram()];
  const child = spawn("setpriv", [...user, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", (status) => reject(new Error(`the attack ended with ${status}`)));
  });
  return child;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

/** Starts a program in a mount namespace of its own, after one script of the shell and before another. */
export function inMounts(script: string, after = ""): string[] {
  return ["unshare", "-m", "sh", "-ec", `${script}\nset +e\n"$@"\nstatus=$?\n${after}\nexit $status`, "sh"];
}

/** The twelve bits of a mode, and the owner. */
export function metadata(path: string): { mode: number; uid: number; gid: number } {
  const { mode, uid, gid } = lstatSync(path);
  return { mode: mode & 0o7777, uid, gid };
}

/** Sets a kernel setting until the test is over. @returns false if this machine does not let it be set */
export function setSysctl(name: string, value: string): boolean {
  const file = `/proc/sys/${name}`;
  try {
    const before = readFileSync(file, "latin1");
    writeFileSync(file, value);
    onTestFinished(() => writeFileSync(file, before));
    return true;
  } catch (error) {
    console.log(`not tested, this machine cannot set ${name}: ${(error as NodeJS.ErrnoException).code}`);
    return false;
  }
}
