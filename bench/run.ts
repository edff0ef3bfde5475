// `gomodcache run` beside the plain command: a real download of modules from a proxy on loopback, then a build that compiles them.
// Usage: tsx bench/run.ts [RUNS] [MODULES | PROGRAM@VERSION]. A number makes that many small modules; a program, such as
// sigs.k8s.io/kustomize/kustomize/v5@v5.8.0, is fetched once with its modules, which are then served from loopback. Both start from an empty module cache; the build also compiles every package of the modules
// anew, with the standard library compiled already. Beside the time on the clock it prints that of the processors, which a busy machine
// distorts less: proc_pid_stat(5), cutime and cstime; and what of that the observing process took, which no other load changes much.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { goEnvironment, goProgram, makeLab, removeLab } from "../test/e2e/lab.ts";
import { median } from "./medians.ts";
import { realProject, smallModules } from "./run-project.ts";

const runs = Number(process.argv[2] ?? 7);
const subject = process.argv[3] ?? "100";

/** Serves files as quickly as can be. */
const server = `
import { createServer } from "node:http";
import { readFile } from "node:fs";
createServer((request, response) =>
  readFile(process.argv[1] + decodeURIComponent(request.url), (error, body) =>
    error ? response.writeHead(404).end() : response.writeHead(200, { "content-length": body.length }).end(body)),
).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
`;

/** Milliseconds of all processors that the children of this process took, and theirs. */
function processorTime(): number {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** The observer's processor time of its runs since the last call. */
function observed(): number[] {
  const lines = readFileSync(own, "utf8").split("\n").filter(Boolean);
  rmSync(own);
  return lines.map(Number);
}

const lab = makeLab("bench-run");
/** The observer appends its processor time, in milliseconds, to this file when it ends; go does not know NODE_OPTIONS. */
const own = join(lab, "own");
const atExit = join(lab, "at-exit.mjs");
writeFileSync(
  atExit,
  `import { appendFileSync } from "node:fs";
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  appendFileSync(${JSON.stringify(own)}, (user + system) / 1000 + "\\n");
});`,
);
const project = join(lab, "app");
mkdirSync(join(lab, "home"));
const [cache, warm] = [join(lab, "mod"), join(lab, "gocache-std")];
const { files, target } = subject.includes("@")
  ? realProject(subject, project, join(lab, "fetched"), warm)
  : smallModules(Number(subject), project, join(lab, "proxy"));
const proxy = spawn(process.execPath, ["--input-type=module", "-e", server, files], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const [port] = await once(createInterface({ input: proxy.stdout }), "line");
  const env = {
    ...goEnvironment({ home: join(lab, "home"), cache, buildCache: warm, proxy: `http://127.0.0.1:${port}` }),
    GOMODCACHE_EVENTS: join(lab, "events.jsonl"),
    GOFLAGS: "-modcacherw",
  };
  const go = (argv: readonly string[], program: readonly string[], more: Record<string, string> = {}) => {
    const [began, before] = [performance.now(), processorTime()];
    const [first = "", ...rest] = [...program, ...argv];
    const { status, stderr } = spawnSync(first, rest, { cwd: project, env: { ...env, ...more }, encoding: "utf8" });
    if (status !== 0) throw new Error(`${argv.join(" ")}: ${status} ${stderr}`);
    return { clock: performance.now() - began, processors: processorTime() - before };
  };
  if (!subject.includes("@")) go(["mod", "tidy"], [goProgram]);
  writeFileSync(join(lab, "std.go"), "package main\n\nfunc main() { println(1) }\n");
  go(["build", "-o", "/dev/null", join(lab, "std.go")], [goProgram]);
  const contestants = {
    go: [goProgram],
    "gomodcache run": [
      ...[process.execPath, "--import", atExit, join(process.cwd(), "dist/cli.js")],
      ...["run", "--", goProgram],
    ],
  };
  const steps = ["download", "build", "both"] as const;
  const measures = ["clock", "processors"] as const;
  const times = new Map<string, number[]>();
  const note = (key: string, time: number): void => void times.set(key, [...(times.get(key) ?? []), time]);
  for (let run = -1; run < runs; run += 1) {
    // In turn, and each first every other time.
    const order = Object.entries(contestants);
    for (const [name, program] of run % 2 === 0 ? order : order.reverse()) {
      const fresh = join(lab, "gocache");
      for (const directory of [cache, fresh]) rmSync(directory, { recursive: true, force: true });
      spawnSync("cp", ["-r", warm, fresh]);
      const download = go(["mod", "download"], program, { GOCACHE: fresh });
      const build = go(["build", "-o", "/dev/null", target], program, { GOCACHE: fresh });
      const [fetching = 0, building = 0] = name === "go" ? [] : observed();
      if (run < 0) continue;
      if (name !== "go") {
        note("download own", fetching);
        note("build own", building);
        note("both own", fetching + building);
      }
      for (const measure of measures) {
        note(`download ${measure} ${name}`, download[measure]);
        note(`build ${measure} ${name}`, build[measure]);
        note(`both ${measure} ${name}`, download[measure] + build[measure]);
      }
    }
  }
  for (const step of steps) {
    const [plain, its] = [`${step} processors go`, `${step} own`].map((key) => median(times.get(key) as number[]));
    console.log(
      `${step.padEnd(8)}  observer itself  ${its?.toFixed(0)} ms of processor, ${((its as number) / (plain as number)).toFixed(3)} of what go takes`,
    );
    for (const measure of measures) {
      const [plain = 1, observed = 1] = Object.keys(contestants).map((name) =>
        median(times.get(`${step} ${measure} ${name}`) as number[]),
      );
      console.log(
        `${step.padEnd(8)}  ${measure.padEnd(10)}  go ${plain.toFixed(0)} ms  gomodcache run ${observed.toFixed(0)} ms  ratio ${(observed / plain).toFixed(3)}`,
      );
    }
  }
} finally {
  proxy.kill("SIGKILL");
  removeLab(lab);
}
