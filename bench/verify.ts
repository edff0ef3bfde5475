// `gomodcache verify --for` beside `go mod verify`, over a project of 300 modules. Usage: tsx bench/verify.ts [RUNS [KIB]]
// with 6,000 Go files of a few bytes, or of KIB kibibytes.
// It makes its own modules, cache and project with the real go; KEEP=1 keeps them.
import { spawnSync } from "node:child_process";
import { goProgram, makeLab, removeLab } from "../test/e2e/lab.ts";
import { makeProject } from "./make-project.ts";
import { printMedians } from "./medians.ts";

const runs = Number(process.argv[2] ?? 7);
const kibibytes = Number(process.argv[3] ?? 0);

const lab = makeLab("bench");
try {
  const { project, cache, env } = makeProject(lab, kibibytes);
  const tool = [process.execPath, "dist/cli.js", "verify"];
  const contestants = {
    "go mod verify": [goProgram, "-C", project, "mod", "verify"],
    "gomodcache verify --for": [...tool, "--for", project],
    "gomodcache verify (whole cache)": [...tool, "--cache-dir", cache],
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
