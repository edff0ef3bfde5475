// A module download and build, plain and under `trace` with each backend, beside a plain `strace -f`. Run it as root.
// Usage: tsx bench/trace.ts [RUNS]. Every run begins with an empty module cache and an empty build cache: 300 modules are
// fetched and extracted, and the standard library is compiled up to fmt.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { goProgram, makeLab, removeLab, writeTree } from "../test/e2e/lab.ts";
import { makeProject } from "./make-project.ts";
import { printMedians } from "./medians.ts";

const runs = Number(process.argv[2] ?? 3);
const lab = makeLab("bench");
try {
  const { project, env: warm } = makeProject(lab);
  writeTree(project, { "server.go": 'package main\n\nimport _ "fmt"\n' });
  const [cache, buildCache] = [join(lab, "fresh"), join(lab, "fresh-build")];
  const env = { ...warm, GOMODCACHE: cache, GOCACHE: buildCache, GOFLAGS: "-modcacherw" };
  const go = [goProgram, "-C", project, "build", "-o", "/dev/null", "./..."];
  const trace = [process.execPath, "dist/cli.js", "trace", "-q"];
  const contestants = {
    "go build": go,
    "trace --backend bpftrace": [...trace, "--backend", "bpftrace", "--mount-tracefs", "--", ...go],
    "trace --backend strace": [...trace, "--backend", "strace", "--", ...go],
    "strace -f -o FILE": ["strace", "-f", "-o", join(lab, "calls"), ...go],
  };
  printMedians(contestants, runs, ([program, ...argv]) => {
    for (const directory of [cache, buildCache]) rmSync(directory, { recursive: true, force: true });
    const began = performance.now();
    const { status, stderr } = spawnSync(program as string, argv, { env, encoding: "utf8" });
    const took = performance.now() - began;
    if (status !== 0) throw new Error(`${argv.join(" ")}: ${status} ${stderr}`);
    // A run takes long: what is there counts, also if it is interrupted.
    console.error(`${took.toFixed(0)} ms  ${[program, ...argv].slice(0, 6).join(" ")}`);
    return took;
  });
} finally {
  removeLab(lab);
}
