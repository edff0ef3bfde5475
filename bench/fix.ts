// `fix` beside what people run instead, in one run: `tsx bench/fix.ts DIR [RUNS]`, as root, with DIR made by bench/make-tree.ts.
// Nothing wrong, then everything wrong (owner and mode of every entry); interleaved, medians. The tree is laid right again
// between the runs. A rebuilt fixuid walks like filepath.Walk: lstat and, where the owner is wrong, lchown, one by one.
import { spawnSync } from "node:child_process";
import { lchownSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const [, , target, runsText = "5"] = process.argv;
const runs = Number(runsText);
if (process.geteuid?.() !== 0 || target === undefined || !Number.isInteger(runs) || runs < 1) {
  console.error("usage, as root: tsx bench/fix.ts DIR [RUNS], with DIR made by: tsx bench/make-tree.ts DIR 4000");
  process.exit(2);
}
const cache: string = target;
const state = mkdtempSync(join(tmpdir(), "gomodcache-bench-state-"));
const uid = 1000;

function run(command: string, ...args: string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  if (error !== undefined || status !== 0)
    throw error ?? new Error(`${command} ended with ${status}: ${String(stderr)}`);
}

/** Go's own modes, all of one user. */
function layRight(): void {
  run("chown", "-R", `${uid}:${uid}`, cache);
  run("find", cache, "-type", "d", "-path", "*/cache*", "-exec", "chmod", "0755", "{}", "+");
  run(
    "node",
    "dist/cli.js",
    "fix",
    "--yes",
    "--no-undo",
    "--cache-dir",
    cache,
    "--owner",
    String(uid),
    "--umask",
    "022",
  );
}

/** All of root's, as a build under umask 077 leaves it. */
function spoil(): void {
  run("chown", "-R", "0:0", cache);
  run("chmod", "-R", "go=", cache);
}

function fixuidStyle(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = `${directory}/${name}`;
    const stats = lstatSync(path);
    if (stats.uid !== uid || stats.gid !== uid) lchownSync(path, uid, uid);
    if (stats.isDirectory()) fixuidStyle(path);
  }
}

const contestants: readonly { readonly name: string; readonly act: () => void }[] = [
  {
    name: "chown -R + chmod -R",
    act: () => {
      run("chown", "-R", `${uid}:${uid}`, cache);
      run("chmod", "-R", "go+rX", cache);
    },
  },
  {
    name: "gomodcache fix",
    act: () =>
      run(
        "node",
        "dist/cli.js",
        "fix",
        "--yes",
        "--cache-dir",
        cache,
        "--owner",
        String(uid),
        "--umask",
        "022",
        "--state-dir",
        state,
      ),
  },
  { name: "fixuid-style walk (owners only)", act: () => fixuidStyle(cache) },
];

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function compare(title: string, before: () => void): void {
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < runs; round += 1) {
    for (const [at, { act }] of contestants.entries()) {
      before();
      run("sync");
      const began = performance.now();
      act();
      times[at]?.push(performance.now() - began);
    }
  }
  console.log(title);
  const base = median(times[0] as number[]);
  for (const [at, { name }] of contestants.entries()) {
    const own = times[at] as number[];
    const all = own.map((time) => (time / 1000).toFixed(2)).join(" ");
    console.log(`  ${name}: ${(median(own) / 1000).toFixed(2)} s, ${(median(own) / base).toFixed(2)} x  (${all})`);
  }
}

/** What an often copied advice does, a process for each file; on a part of the tree, since it takes minutes for all. */
function compareForks(): void {
  const part = mkdtempSync(join(tmpdir(), "gomodcache-bench-part-"));
  const modules = join(part, "m");
  run("node_modules/.bin/tsx", "bench/make-tree.ts", modules, "80");
  const times = { fork: [] as number[], fix: [] as number[] };
  const spoilPart = (): void => run("chmod", "-R", "go=", modules);
  for (let round = 0; round < runs; round += 1) {
    spoilPart();
    let began = performance.now();
    run("find", modules, "-type", "f", "-exec", "chmod", "644", "{}", ";");
    times.fork.push(performance.now() - began);
    spoilPart();
    began = performance.now();
    run("node", "dist/cli.js", "fix", "--yes", "--cache-dir", modules, "--umask", "022", "--state-dir", state);
    times.fix.push(performance.now() - began);
  }
  const [fork, fix] = [median(times.fork), median(times.fix)];
  console.log("a part of about 2,000 entries, mode of every entry wrong");
  console.log(`  find -exec chmod 644 {} \\;: ${(fork / 1000).toFixed(2)} s, 1.00 x`);
  console.log(`  gomodcache fix: ${(fix / 1000).toFixed(2)} s, ${(fix / fork).toFixed(2)} x`);
  rmSync(part, { recursive: true });
}

try {
  compareForks();
  layRight();
  // The pair touches every entry, so that the ACLs of all have to be read again; then a cache that was left alone since the last look.
  compare("nothing wrong, every entry touched since the last look", () => undefined);
  compare("nothing wrong, nothing touched since the last look", () => {
    run("sleep", "3");
    (contestants[1] as (typeof contestants)[number]).act();
  });
  compare("everything wrong", spoil);
  console.log(`load average ${loadavg()[0]?.toFixed(2)}`);
} finally {
  rmSync(state, { recursive: true });
}
