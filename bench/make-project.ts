// A project of 300 modules (22 files each), its cache made by the real go from a proxy of files.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { goEnvironment, goProgram, makeProxy, root, runAs, type TestModule, writeTree } from "../test/e2e/lab.ts";

const count = 300;

const names = Array.from({ length: count }, (_, index) => `example.com/group${index % 20}/module${index}`);
/** @param comment is put at the end of every Go file */
function makeModules(comment: string): TestModule[] {
  return names.map((path, index) => ({
    path,
    version: "v1.2.3",
    files: Object.fromEntries([
      ["go.mod", `module ${path}\n\ngo 1.21\n`],
      ["LICENSE", "free\n"],
      ...Array.from({ length: 20 }, (_, file) => [
        `${file % 4 === 0 ? "" : `part${file % 4}/`}f${file}.go`,
        `package p\n\n// Value${file} of ${index}.\nconst Value${file} = ${file}\n${comment}`,
      ]),
    ]),
  }));
}

export interface BenchProject {
  readonly project: string;
  readonly cache: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * @param lab an empty directory
 * @param kibibytes how large each Go file is made by comments; small if 0
 */
export function makeProject(lab: string, kibibytes = 0): BenchProject {
  const line = "// The quick brown fox jumps over the lazy dog, and naps in the sun.\n";
  const modules = makeModules(line.repeat(kibibytes * 16));
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
  return { project, cache, env };
}
