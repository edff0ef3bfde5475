// Reads a mixed log of 1 GB (or of the megabytes given), beside grep and ripgrep with the main phrases:
// npx tsx bench/classify.ts [MEGABYTES] [RUNS]
import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./medians.ts";

const megabytes = Number(process.argv[2] ?? 1000);
const runs = Number(process.argv[3] ?? 3);
const directory = mkdtempSync(join(tmpdir(), "classify-"));
const log = join(directory, "mixed.log");
const phrases =
  "permission denied|no space left on device|read-only file system|no such host|i/o timeout|connection refused|x509: |checksum mismatch|missing go.sum entry|could not read Username|unknown revision|zip: not a valid|executable file not found|is not in GOROOT|is not in std|no locks available|unexpected EOF|toolchain not available|fork/exec";

/** What a CI job prints: mostly compilers, tests and other tools; one line in 250 is of the labelled failures. */
function writeLog(): void {
  const records = readFileSync(new URL("../test/fixtures/corpus/train.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { output: string }).output);
  const usual = [
    "=== RUN   TestSomething/with_a_case",
    "    something_test.go:42: got 17 rows, as wanted",
    "--- PASS: TestSomething (0.02s)",
    "ok  \texample.com/service/internal/store\t3.201s",
    "go: downloading example.com/library v1.4.2",
    "#12 34.56 Step 7/19 : RUN make -j4 all",
    "2026-11-24T07:01:02.1234567Z npm notice created a lockfile as package-lock.json",
    "[12:34:56] Downloading layer 9f2c4e1d0a7b 34.2MB of 71.9MB",
    '{"level":"info","ts":1732431662.1,"msg":"request served","path":"/v1/items/4711","status":200}',
    "cc -O2 -Wall -Iinclude -c src/module.c -o build/module.o",
    "",
  ];
  const file = openSync(log, "w");
  let seed = 7;
  for (let written = 0; written < megabytes * 1e6; ) {
    let block = "";
    while (block.length < 1 << 20) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      const pick = seed >> 8;
      block += `${pick % 250 === 0 ? records[pick % records.length] : usual[pick % usual.length]}\n`;
    }
    written += writeSync(file, block);
  }
  closeSync(file);
}

/** Processor time of a program and its children: the machine may be busy with other work. */
function processorSeconds(argv: readonly string[]): number | undefined {
  const script = 'TIMEFORMAT="%U %S"; { time "$@" > "$OUT" 2>/dev/null; } 2>&1';
  const { stdout } = spawnSync("bash", ["-c", script, "bash", ...argv], {
    encoding: "utf8",
    env: { ...process.env, OUT: join(directory, "out") },
  });
  const output = statSync(join(directory, "out")).size;
  const [user = 0, system = 0] = stdout.trim().split(" ").map(Number);
  return output === 0 ? undefined : user + system;
}

/** The peak of resident memory of `classify`, in MB. */
async function peak(argv: readonly string[]): Promise<number> {
  const [program = "", ...rest] = argv;
  const child = spawn(program, rest, { stdio: "ignore" });
  const exited = new Promise((resolve) => child.on("exit", resolve));
  let highest = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      highest = Math.max(highest, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  }, 20);
  await exited;
  clearInterval(timer);
  return highest;
}

writeLog();
const size = statSync(log).size / 1e6;
const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const contestants: Readonly<Record<string, readonly string[]>> = {
  classify: [process.execPath, cli, "classify", log],
  "grep -E": ["grep", "-cE", phrases, log],
  "grep -Ei, C locale": ["env", "LC_ALL=C", "grep", "-ciE", phrases, log],
  rg: ["rg", "-ci", phrases, log],
};
const times = new Map(Object.keys(contestants).map((name) => [name, [] as number[]]));
for (let run = 0; run < runs; run += 1) {
  for (const [name, argv] of Object.entries(contestants)) {
    const took = processorSeconds(argv);
    if (took !== undefined) times.get(name)?.push(took);
  }
}
const own = median(times.get("classify") as number[]);
for (const [name, all] of times) {
  if (all.length === 0) {
    console.log(`${name.padEnd(20)} not installed`);
    continue;
  }
  const middle = median(all);
  const speed = (size / middle).toFixed(0).padStart(5);
  console.log(`${name.padEnd(20)} ${speed} MB/s  ${middle.toFixed(2)} s  ratio ${(own / middle).toFixed(2)}`);
}
console.log(`classify, peak memory ${(await peak(contestants["classify"] as readonly string[])).toFixed(0)} MB`);
rmSync(directory, { recursive: true });
