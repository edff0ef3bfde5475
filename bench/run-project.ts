// What bench/run.ts downloads and builds: many small modules, or a real program with all that it needs.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { goProgram, makeProxy, type TestModule, writeTree } from "../test/e2e/lab.ts";

export interface Subject {
  /** The directory to be served as a GOPROXY. */
  readonly files: string;
  /** What `go build` is given. */
  readonly target: string;
}

/** A project that imports `count` modules, which are put into `files`. */
export function smallModules(count: number, project: string, files: string): Subject {
  const modules = makeModules(count);
  makeProxy(files, modules);
  writeTree(project, {
    "go.mod": `module example.org/app\n\ngo 1.21\n\nrequire (\n${modules.map(({ path }) => `\t${path} v1.2.3`).join("\n")}\n)\n`,
    "main.go": `package main\n\nimport (\n${modules.map(({ path }) => `\t_ "${path}"`).join("\n")}\n)\n\nfunc main() { println(1) }\n`,
  });
  return { files, target: "./..." };
}

/**
 * A project that has a program as its tool, fetched from the machine's GOPROXY into `cache`.
 * @param wanted `example.com/program@v1.2.3`
 * @param warm a GOCACHE, which gets the standard library
 * @throws Error with what go printed
 */
export function realProject(wanted: string, project: string, cache: string, warm: string): Subject {
  mkdirSync(project);
  const go = (...argv: string[]): string => {
    const env = { ...process.env, GOMODCACHE: cache, GOCACHE: warm, GOFLAGS: "-modcacherw", GOTOOLCHAIN: "local" };
    const { status, stdout, stderr } = spawnSync(goProgram, argv, { cwd: project, env, encoding: "utf8" });
    if (status !== 0) throw new Error(`go ${argv.join(" ")}: ${stderr}`);
    return stdout;
  };
  const [target = ""] = wanted.split("@");
  go("mod", "init", "example.org/app");
  go("get", "-tool", wanted);
  go("mod", "download");
  const std = go("list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", target).split("\n").filter(Boolean);
  go("build", ...std);
  return { files: join(cache, "cache", "download"), target };
}

function makeModules(count: number): TestModule[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `example.com/group${index % 10}/module${index}`,
    version: "v1.2.3",
    files: Object.fromEntries([
      ["go.mod", `module example.com/group${index % 10}/module${index}\n\ngo 1.21\n`],
      ...Array.from({ length: 12 }, (_, file) => [`f${file}.go`, source(index, file)]),
    ]),
  }));
}

/** Some code for the compiler, and the bulk that comments, tests and data are of real modules. */
function source(index: number, file: number): string {
  const functions = Array.from(
    { length: 12 },
    (_, at) =>
      `// F${file}x${at} adds up.\nfunc F${file}x${at}(a []int, m map[string]int) (s int) {\n\tfor i, v := range a {\n\t\ts += v*i + m[string(rune(v))]\n\t}\n\treturn s + ${index}\n}\n`,
  );
  const bulk = Array.from(
    { length: 60 },
    (_, line) => `// ${Math.sin(index * 977 + file * 61 + line)} of the comments.\n`,
  );
  return `package p\n\n${functions.join("\n")}\n${bulk.join("")}`;
}
