// The doctor beside GNU find, in one run: `tsx bench/doctor.ts DIR [RUNS]`, with DIR made by bench/make-tree.ts.
// Interleaved, so that both meet the same load; medians; wall time and the peak memory of the whole node process.
// It measures dist/cli.js if it was built, else the walk with the rules of bench/diagnose.ts.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

const [, , target, runsText = "7"] = process.argv;
const runs = Number(runsText);
if (target === undefined || !existsSync(target) || !Number.isInteger(runs) || runs < 1) {
  console.error("usage: tsx bench/doctor.ts DIR [RUNS], with DIR made by: tsx bench/make-tree.ts DIR");
  process.exit(2);
}
const cache: string = target;
const temporary = mkdtempSync(join(tmpdir(), "gomodcache-bench-"));

interface Contestant {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Prints the peak resident memory in KiB when node ends. */
const tellMemory = "process.on('exit',()=>process.stderr.write('maxrss='+process.resourceUsage().maxRSS+'\\n'))";

function doctor(): Contestant {
  if (existsSync("dist/cli.js")) {
    const args = ["dist/cli.js", "doctor", "--cache-dir", cache, "--json"];
    return { name: "gomodcache doctor (dist/cli.js)", command: process.execPath, args };
  }
  buildSync({
    entryPoints: ["bench/diagnose.ts", "src/tree/walk-worker.ts"],
    outdir: temporary,
    outbase: ".",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const args = [join(temporary, "bench/diagnose.mjs"), cache, join(temporary, "src/tree/walk-worker.mjs")];
  return { name: "gomodcache doctor (bench/diagnose.ts)", command: process.execPath, args };
}

function measure({ name, command, args }: Contestant): { milliseconds: number; kibibytes: number } {
  const began = performance.now();
  const { status, stderr, error } = spawnSync(command, args, {
    env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tellMemory)}` },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const milliseconds = performance.now() - began;
  // 1 is the doctor's status for findings, 3 for what it could not see.
  if (error !== undefined || ![0, 1, 3].includes(status ?? -1)) {
    throw error ?? new Error(`${name} ended with status ${status}: ${String(stderr)}`);
  }
  const peaks = [...String(stderr).matchAll(/^maxrss=(\d+)$/gm)].map((match) => Number(match[1]));
  return { milliseconds, kibibytes: Math.max(0, ...peaks) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

try {
  const find = { name: "find -printf", command: "find", args: [cache, "-printf", "%m %U %G %p\\n"] };
  const contestants = [find, doctor()];
  // Once each beforehand, so that the tree is in the kernel's caches.
  for (const contestant of contestants) measure(contestant);
  const results = contestants.map(() => ({ milliseconds: [] as number[], kibibytes: [] as number[] }));
  for (let run = 0; run < runs; run += 1) {
    for (const [at, contestant] of contestants.entries()) {
      const { milliseconds, kibibytes } = measure(contestant);
      results[at]?.milliseconds.push(milliseconds);
      results[at]?.kibibytes.push(kibibytes);
    }
  }
  const [base, ours] = results.map(({ milliseconds }) => median(milliseconds)) as [number, number];
  for (const [at, { name }] of contestants.entries()) {
    const { milliseconds, kibibytes } = results[at] as (typeof results)[number];
    const memory = median(kibibytes) === 0 ? "" : `, ${Math.round(median(kibibytes) / 1024)} MiB`;
    const all = milliseconds.map((value) => (value / 1000).toFixed(2)).join(" ");
    console.log(`${name}: ${(median(milliseconds) / 1000).toFixed(2)} s${memory}  (${all})`);
  }
  console.log(`ratio: ${(ours / base).toFixed(2)}  (load average ${loadavg()[0]?.toFixed(2)})`);
} finally {
  rmSync(temporary, { recursive: true });
}
