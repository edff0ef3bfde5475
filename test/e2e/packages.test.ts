// In which modules go looks for a package, and whose tests count: modules that begin with another's path, tests of dependencies.
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask } from "./ask.ts";
import { give, goEnvironment, goProgram, makeLab, makeProxy, removeLab, root, runAs, writeTree } from "./lab.ts";
import { describeOnMachine } from "./requirements.ts";

const version = "v1.0.0";
const modules = [
  {
    path: "example.com/dep",
    version,
    files: {
      "go.mod": "module example.com/dep\n\ngo 1.21\n\nrequire example.com/helper v1.0.0\n",
      "d.go": "package dep\n",
      "d_test.go": 'package dep\n\nimport _ "example.com/helper"\n',
    },
  },
  {
    path: "example.com/helper",
    version,
    files: { "go.mod": "module example.com/helper\n\ngo 1.21\n", "h.go": "package helper\n" },
  },
  {
    path: "example.com/dep/inner",
    version,
    files: { "go.mod": "module example.com/dep/inner\n\ngo 1.21\n", "i.go": "package inner\n" },
  },
];
const user = { uid: 2001, gid: 2001, groups: [], umask: 0o022 };

/** A project with these imports, which requires the three modules. */
function projectOf(imports: readonly string[]): Record<string, string> {
  const lines = imports.map((path) => `import _ "${path}"\n`).join("");
  return {
    "go.mod": `module example.org/app\n\ngo 1.21\n\nrequire (\n${modules.map(({ path }) => `\t${path} ${version}\n`).join("")})\n`,
    "main.go": `package main\n\n${lines}\nfunc main() {}\n`,
  };
}

describeOnMachine("packages, with real go", () => {
  let lab: string;
  beforeAll(() => {
    lab = makeLab("packages");
    const proxy = makeProxy(join(lab, "proxy"), modules);
    for (const name of ["roothome", "home"]) mkdirSync(join(lab, name));
    give(join(lab, "home"), user.uid, user.gid);
    for (const [name, imports] of [
      ["inner", ["example.com/dep/inner"]],
      ["dep", ["example.com/dep"]],
    ] as const) {
      const project = join(lab, name);
      writeTree(project, projectOf(imports));
      const env = { ...environmentOf("roothome", proxy), GOFLAGS: "-mod=mod" };
      expect(runAs(root, [goProgram, "mod", "download", "all"], { cwd: project, env }).stderr).toBe("");
      give(project, user.uid, user.gid);
    }
  });
  afterAll(() => removeLab(lab));

  const environmentOf = (home: string, proxy: string) =>
    goEnvironment({ home: join(lab, home), cache: join(lab, "m"), buildCache: join(lab, home, "b"), proxy });

  /** What we say and what go does while a module's directory is closed to others. */
  const compare = (name: string, operation: "list" | "tidy", closed: string): readonly string[] => {
    const environment = environmentOf("home", "off");
    const tree = join(lab, "m", `${closed}@${version}`);
    const project = join(lab, name);
    chmodSync(tree, 0o700);
    const { verdict } = ask({ user, operation, project, environment });
    const argv = operation === "tidy" ? ["mod", "tidy"] : ["list", "-deps", "./..."];
    const { status } = runAs(user, [goProgram, ...argv], { cwd: project, env: environment });
    chmodSync(tree, 0o555);
    return [verdict, status === 0 ? "yes" : "no"];
  };

  it("needs every module whose path begins the import path, though a longer one has the package", () => {
    expect(compare("inner", "list", "example.com/helper")).toEqual(["yes", "yes"]);
    expect(compare("inner", "list", "example.com/dep")).toEqual(["no", "no"]);
  });

  it("needs what the tests of dependencies import for go mod tidy, not for a listing", () => {
    expect(compare("dep", "list", "example.com/helper")).toEqual(["yes", "yes"]);
    expect(compare("dep", "tidy", "example.com/helper")).toEqual(["no", "no"]);
  });
});
