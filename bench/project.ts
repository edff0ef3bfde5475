// A project of 300 modules: `can build --for` and `doctor --for` beside what people use to find out, go itself.
// Usage: tsx bench/project.ts [RUNS]. It makes its own modules (22 files each), cache and project with the real go.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  goEnvironment,
  goProgram,
  makeLab,
  makeProxy,
  removeLab,
  root,
  runAs,
  type TestModule,
  writeTree,
} from "../test/e2e/lab.ts";
import { printMedians } from "./medians.ts";

const runs = Number(process.argv[2] ?? 7);
const count = 300;

const names = Array.from({ length: count }, (_, index) => `example.com/group${index % 20}/module${index}`);
const modules: TestModule[] = names.map((path, index) => ({
  path,
  version: "v1.2.3",
  files: Object.fromEntries([
    ["go.mod", `module ${path}\n\ngo 1.21\n`],
    ["LICENSE", "free\n"],
    ...Array.from({ length: 20 }, (_, file) => [
      `${file % 4 === 0 ? "" : `part${file % 4}/`}f${file}.go`,
      `package p\n\n// Value${file} of ${index}.\nconst Value${file} = ${file}\n`,
    ]),
  ]),
}));

const lab = makeLab("bench");
try {
  const proxy = makeProxy(join(lab, "proxy"), modules);
  const [cache, project, home] = [join(lab, "cache"), join(lab, "app"), join(lab, "home")];
  mkdirSync(home);
  const imports = names.flatMap((path) => [`\t_ "${path}"`, `\t_ "${path}/part1"`]).join("\n");
  writeTree(project, {
    "go.mod": `module example.org/app\n\ngo 1.21\n\nrequire (\n${names.map((path) => `\t${path} v1.2.3`).join("\n")}\n)\n`,
    "main.go": `package main\n\nimport (\n${imports}\n)\n\nfunc main() {}\n`,
  });
  const env = goEnvironment({ home, cache, buildCache: join(home, "gocache"), proxy });
  for (const argv of [
    ["mod", "tidy"],
    ["mod", "download"],
    ["build", "-o", "/dev/null", "./..."],
  ]) {
    const { status, stderr } = runAs(root, [goProgram, ...argv], {
      cwd: project,
      env: { ...env, GOFLAGS: "-mod=mod" },
    });
    if (status !== 0) throw new Error(stderr);
  }
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
