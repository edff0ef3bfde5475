// A project of 300 modules: `can build --for` and `doctor --for` beside what people use to find out, go itself.
// Usage: tsx bench/project.ts [RUNS]. It makes its own modules (22 files each), cache and project with the real go.
import { spawnSync } from "node:child_process";
import { goProgram, makeLab, removeLab } from "../test/e2e/lab.ts";
import { makeProject } from "./make-project.ts";
import { printMedians } from "./medians.ts";

const runs = Number(process.argv[2] ?? 7);

const lab = makeLab("bench");
try {
  const { project, cache, env } = makeProject(lab);
  const tool = [process.execPath, "dist/cli.js"];
  const contestants = {
    "go build ./... (warm)": [goProgram, "-C", project, "build", "-o", "/dev/null", "./..."],
    "go list -deps ./... (warm)": [goProgram, "-C", project, "list", "-deps", "./..."],
    "gomodcache can build --for (self)": [...tool, "can", "build", "--for", project],
    "gomodcache can build --for --as 2001": [
      ...tool,
      "can",
      "build",
      "--for",
      project,
      "--as",
      "2001",
      "--cache-dir",
      cache,
    ],
    "gomodcache can download --for (self)": [...tool, "can", "download", "--for", project],
    "gomodcache doctor --for (self)": [...tool, "doctor", "--for", project],
  };
  printMedians(contestants, runs, ([program, ...argv]) => {
    const began = performance.now();
    const { status, stderr, stdout } = spawnSync(program as string, argv, { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${argv.join(" ")}: ${status} ${stdout} ${stderr}`);
    return performance.now() - began;
  });
} finally {
  if (process.env["KEEP"] === undefined) removeLab(lab);
  else console.log(lab);
}
