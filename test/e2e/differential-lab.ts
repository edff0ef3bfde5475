// The modules and projects of the differential test: enough kinds of packages and go.mod files that shortcuts would be caught.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Operation } from "../../src/gocache/operation.ts";
import { applyChanges, type Draw, pathsBelow, resetDirectory } from "./draw.ts";
import {
  give,
  goEnvironment,
  goProgram,
  makeLab,
  makeProxy,
  root,
  runAs,
  type TestModule,
  type TestUser,
  writeTree,
} from "./lab.ts";

const gamma = "v0.0.0-20240102030405-abcdefabcdef";

const modules: readonly TestModule[] = [
  ...["v1.0.0", "v1.0.1", "v1.1.0"].map((version) => ({
    path: "example.com/alpha",
    version,
    files: {
      "go.mod": "module example.com/alpha\n\ngo 1.18\n",
      LICENSE: "free\n",
      "a.go": `package alpha\n\n// ${version}\nfunc A() string { return "a" }\n`,
      "a_windows.go": "package alpha\n\nfunc w() {}\n",
      "a_test.go": 'package alpha\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n',
      "gen.go": "//go:build ignore\n\npackage main\n\nfunc main() {}\n",
      "sub/s.go": 'package sub\n\nfunc S() string { return "s" }\n',
      "docs/readme.txt": "read me\n",
      "unneeded/u.go": "package unneeded\n",
    },
  })),
  {
    path: "example.com/Beta",
    version: "v1.0.0",
    files: {
      "go.mod": "module example.com/Beta\n\ngo 1.16\n\nrequire example.com/alpha v1.0.0\n",
      "b.go": 'package beta\n\nimport "example.com/alpha"\n\nfunc B() string { return alpha.A() + "b" }\n',
    },
  },
  {
    path: "example.com/gamma",
    version: gamma,
    files: { "go.mod": "module example.com/gamma\n\ngo 1.18\n", "g.go": "package gamma\n\nconst G = 3\n" },
  },
  {
    path: "example.com/emb/v2",
    version: "v2.3.4",
    files: {
      "go.mod": "module example.com/emb/v2\n\ngo 1.20\n\nrequire example.com/leaf v0.1.0\n",
      "e.go":
        'package emb\n\nimport (\n\t"embed"\n\t"example.com/leaf"\n)\n\n//go:embed data/*.txt assets\nvar Files embed.FS\n\nvar L = leaf.L\n',
      "data/one.txt": "1\n",
      "data/two.txt": "2\n",
      "data/other.bin": "x\n",
      "assets/deep/file": "deep\n",
    },
  },
  {
    path: "example.com/leaf",
    version: "v0.1.0",
    files: { "go.mod": "module example.com/leaf\n", "l.go": "package leaf\n\nconst L = 1\n" },
  },
  {
    path: "example.com/extra",
    version: "v1.0.0",
    files: { "go.mod": "module example.com/extra\n\ngo 1.18\n", "x.go": "package extra\n" },
  },
];

const main = `package main

import (
	beta "example.com/Beta"
	"example.com/alpha/sub"
	"example.com/emb/v2"
	"example.com/gamma"
	"example.org/app/inner"
)

func main() { println(sub.S(), beta.B(), gamma.G, emb.L, inner.I) }
`;
const sources = {
  "main.go": main,
  "main_test.go":
    'package main\n\nimport (\n\t"testing"\n\n\t"example.com/alpha"\n)\n\nfunc TestIt(t *testing.T) { _ = alpha.A() }\n',
  "inner/i.go": "package inner\n\nconst I = 1\n",
};
const direct = `require (\n\texample.com/Beta v1.0.0\n\texample.com/alpha v1.0.0\n\texample.com/emb/v2 v2.3.4\n\texample.com/gamma ${gamma}\n)\n`;
const indirect = "\nrequire example.com/leaf v0.1.0 // indirect\n";

const projects: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lazy: { ...sources, "go.mod": `module example.org/app\n\ngo 1.21\n\n${direct}${indirect}` },
  old: { ...sources, "go.mod": `module example.org/app\n\ngo 1.16\n\n${direct}` },
  // A module that go.mod lists and no package needs: it must not matter to a build.
  listed: {
    ...sources,
    "go.mod": `module example.org/app\n\ngo 1.21\n\n${direct}${indirect}\nrequire example.com/extra v1.0.0\n`,
  },
  // Packages come from the vendor directory, which the lab makes.
  vendored: { ...sources, "go.mod": `module example.org/app\n\ngo 1.21\n\n${direct}${indirect}` },
  replaced: {
    ...sources,
    "go.mod": `module example.org/app\n\ngo 1.21\n\n${direct}${indirect}\nreplace example.com/gamma => ./forked\n\nreplace example.com/alpha v1.0.0 => example.com/alpha v1.0.1\n`,
    "forked/go.mod": "module example.com/gamma\n\ngo 1.18\n",
    "forked/g.go": "package gamma\n\nconst G = 4\n",
  },
  work: {
    ...sources,
    "go.mod": `module example.org/app\n\ngo 1.21\n\n${direct}${indirect}`,
    "go.work": "go 1.21\n\nuse (\n\t.\n\t./lib\n)\n",
    "lib/go.mod": "module example.org/lib\n\ngo 1.21\n\nrequire example.com/extra v1.0.0\n",
    "lib/l.go": 'package lib\n\nimport _ "example.com/extra"\n',
  },
  small: {
    "go.mod": "module example.org/small\n\ngo 1.22\n\nrequire example.com/alpha v1.0.0\n",
    "main.go": 'package main\n\nimport "example.com/alpha"\n\nfunc main() { println(alpha.A()) }\n',
  },
};

export interface DifferentialLab {
  readonly directory: string;
  readonly cache: string;
  readonly paths: readonly string[];
  readonly projects: readonly string[];
  readonly proxy: string;
}

export function makeDifferentialLab(): DifferentialLab {
  const directory = makeLab("differential");
  const proxy = makeProxy(join(directory, "proxy"), modules);
  const cache = join(directory, "m");
  mkdirSync(join(directory, "roothome"));
  for (const [name, files] of Object.entries(projects)) {
    const project = join(directory, `${name}.good`);
    writeTree(project, files);
    const env = goEnvironment({
      home: join(directory, "roothome"),
      cache,
      buildCache: join(directory, "rootcache"),
      proxy,
    });
    // What is listed without need, tidy would take away.
    const listed = name === "listed";
    const flags: Record<string, string> = listed ? { GOFLAGS: "-mod=mod" } : {};
    const tidies =
      name === "work"
        ? [
            ["-C", "lib", "mod", "tidy"],
            ["mod", "tidy"],
          ]
        : [["mod", "tidy"]];
    const keeps = listed
      ? [
          ["mod", "download", "all"],
          ["list", "-m", "all"],
        ]
      : [...tidies, ["mod", "download"]];
    const vendors = name === "vendored" ? [["mod", "vendor"]] : [];
    for (const argv of [...keeps, ["build", "-o", "/dev/null", "./..."], ...vendors])
      must(runAs(root, [goProgram, ...argv], { cwd: project, env: { ...env, ...flags } }));
  }
  resetDirectory(`${cache}.good`, cache);
  for (const uid of [2001, 2002]) warm(directory, cache, proxy, uid);
  return { directory, cache, paths: pathsBelow(`${cache}.good`), projects: Object.keys(projects), proxy };
}

/** A project without dependencies: what it leaves in a build cache is Go's own packages and nothing else. */
const plain = {
  "go.mod": "module example.org/plain\n\ngo 1.21\n",
  "main.go": 'package main\n\nimport "embed"\n\nvar x embed.FS\n\nfunc main() { println(&x) }\n',
  "main_test.go": 'package main\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {}\n',
};

/** Two build caches per user: one that knows Go's own packages, and one in which go has listed and built every project. */
function warm(directory: string, cache: string, proxy: string, uid: number): void {
  const home = join(directory, `home-${uid}`);
  const [cold, warmed] = [join(home, "cold.good"), join(home, "warm.good")];
  mkdirSync(home);
  give(home, uid, uid);
  writeTree(join(directory, "plain.good"), plain);
  goThrough(directory, "plain", { uid, env: goEnvironment({ home, cache, buildCache: cold, proxy }) });
  spawnSync("cp", ["-a", cold, warmed]);
  for (const name of Object.keys(projects)) {
    goThrough(directory, name, { uid, env: goEnvironment({ home, cache, buildCache: warmed, proxy }) });
  }
}

function goThrough(
  directory: string,
  name: string,
  { uid, env }: { uid: number; env: Readonly<Record<string, string>> },
): void {
  const project = join(directory, "app");
  resetDirectory(project, join(directory, `${name}.good`));
  give(project, uid, uid);
  const user: TestUser = { uid, gid: uid, groups: [], umask: 0o022 };
  for (const argv of [
    ["build", "-o", "/dev/null", "./..."],
    ["vet", "./..."],
    ["test", "./..."],
  ]) {
    must(runAs(user, [goProgram, ...argv], { cwd: project, env }));
  }
}

function must(result: { status: number | null; stderr: string }): void {
  if (result.status !== 0) throw new Error(`the lab could not be made: ${result.stderr}`);
}

export interface Situation {
  readonly project: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Lays out a draw: a fresh cache with its changes, a fresh project and build cache of the user. */
export function layOut(lab: DifferentialLab, draw: Draw): Situation {
  const { directory, cache } = lab;
  const { uid, gid } = draw.user;
  resetDirectory(cache, `${cache}.good`);
  const project = join(directory, "app");
  resetDirectory(project, join(directory, `${draw.project}.good`));
  give(project, uid, gid);
  const home = join(directory, `home-${uid}`);
  const buildCache = join(home, "gocache");
  rmSync(buildCache, { recursive: true, force: true });
  // Hard links: go writes new files into its build cache and never changes one.
  spawnSync("cp", ["-al", join(home, draw.warm ? "warm.good" : "cold.good"), buildCache]);
  applyChanges(cache, draw.changes);
  const proxy = draw.offline ? "off" : lab.proxy;
  return { project, environment: goEnvironment({ home, cache, buildCache, proxy }) };
}

const argvOf: Partial<Record<Operation, readonly string[]>> = {
  build: ["build", "-o", "/dev/null", "./..."],
  vet: ["vet", "./..."],
  test: ["test", "./..."],
  list: ["list", "-deps", "./..."],
  "list-modules": ["list", "-m", "all"],
  "list-versions": ["list", "-m", "-versions", "example.com/alpha"],
  download: ["mod", "download"],
  verify: ["mod", "verify"],
  tidy: ["mod", "tidy"],
  vendor: ["mod", "vendor"],
  get: ["get", "example.com/alpha@v1.1.0"],
  clean: ["clean", "-modcache"],
};

/** Runs the real go. @returns its exit status and what it said. A go that was killed for its time is given another chance. */
export function runGo(draw: Draw, situation: Situation): { status: number | null; stderr: string } {
  const argv = argvOf[draw.operation] ?? [];
  const run = () => runAs(draw.user, [goProgram, ...argv], { cwd: situation.project, env: situation.environment });
  const first = run();
  return first.status === null ? run() : first;
}
