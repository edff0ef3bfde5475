// A module download and build, plain and under `trace` with each backend, beside a plain `strace -f`. Run it as root.
// Usage: tsx bench/trace.ts [RUNS] [PROGRAM@VERSION]. Every run begins with an empty module cache and an empty build cache. Without a
// program 300 small modules are fetched and extracted, and the standard library is compiled up to fmt; a program, such as
// sigs.k8s.io/kustomize/kustomize/v5@v5.8.0, is downloaded once, and then fetched from the local disk and compiled with all that it needs.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { goEnvironment, goProgram, makeLab, removeLab, writeTree } from "../test/e2e/lab.ts";
import { makeProject } from "./make-project.ts";
import { printMedians } from "./medians.ts";
import { realProject } from "./run-project.ts";

const runs = Number(process.argv[2] ?? 3);
const subject = process.argv[3];
const lab = makeLab("bench");

function smallProject() {
  const { project, env } = makeProject(lab);
  writeTree(project, { "server.go": 'package main\n\nimport _ "fmt"\n' });
  return { project, env, target: "./..." };
}

function program(wanted: string) {
  const [project, home, buildCache] = [join(lab, "app"), join(lab, "home"), join(lab, "fetching")];
  mkdirSync(home);
  const cache = join(lab, "fetched");
  const { files, target } = realProject(wanted, project, cache, buildCache);
  return { project, env: goEnvironment({ home, cache, buildCache, proxy: `file://${files}` }), target };
}

try {
  const { project, env: warm, target } = subject === undefined ? smallProject() : program(subject);
  const [cache, buildCache] = [join(lab, "fresh"), join(lab, "fresh-build")];
  const env = { ...warm, GOMODCACHE: cache, GOCACHE: buildCache, GOFLAGS: "-modcacherw" };
  const go = [goProgram, "-C", project, "build", "-o", "/dev/null", target];
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
