// The project and the cache states behind the golden tables of test/fixtures/golden, made anew by the machine's real go.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  type Stats,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
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

export const reader: TestUser = { uid: 2001, gid: 2001, groups: [3000], umask: 0o022 };

const gamma = "v0.0.0-20240102030405-abcdefabcdef";

export const goldenModules: readonly TestModule[] = [
  {
    path: "example.com/alpha",
    version: "v1.0.0",
    files: {
      "go.mod": "module example.com/alpha\n\ngo 1.18\n",
      "a.go": 'package alpha\n\nfunc A() string { return "a" }\n',
      "sub/s.go": 'package sub\n\nfunc S() string { return "s" }\n',
    },
  },
  {
    path: "example.com/alpha",
    version: "v1.1.0",
    files: {
      "go.mod": "module example.com/alpha\n\ngo 1.18\n",
      "a.go": 'package alpha\n\nfunc A() string { return "a2" }\n',
      "sub/s.go": 'package sub\n\nfunc S() string { return "s2" }\n',
    },
  },
  {
    path: "example.com/Beta",
    version: "v1.0.0",
    files: {
      "go.mod": "module example.com/Beta\n\ngo 1.18\n\nrequire example.com/alpha v1.0.0\n",
      "b.go": 'package beta\n\nimport "example.com/alpha"\n\nfunc B() string { return alpha.A() + "b" }\n',
    },
  },
  {
    path: "example.com/gamma",
    version: gamma,
    files: { "go.mod": "module example.com/gamma\n\ngo 1.18\n", "g.go": "package gamma\n\nconst G = 3\n" },
  },
  {
    path: "example.com/unused",
    version: "v1.0.0",
    files: { "go.mod": "module example.com/unused\n\ngo 1.18\n", "u.go": "package unused\n" },
  },
];

const projectFiles = {
  "go.mod": `module example.org/app\n\ngo 1.18\n\nrequire (\n\texample.com/Beta v1.0.0\n\texample.com/alpha v1.0.0\n\texample.com/gamma ${gamma}\n)\n`,
  "main.go":
    'package main\n\nimport (\n\tbeta "example.com/Beta"\n\t"example.com/alpha"\n\t"example.com/alpha/sub"\n\t"example.com/gamma"\n)\n\nfunc main() { println(alpha.A(), sub.S(), beta.B(), gamma.G) }\n',
  "main_test.go": 'package main\n\nimport "testing"\n\nfunc TestMain1(t *testing.T) {}\n',
};

export interface GoldenLab {
  readonly directory: string;
  readonly cache: string;
  readonly project: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Makes the proxy, the project (owned by the reader), a complete cache owned by root, and warms the reader's build cache. */
export function makeGoldenLab(): GoldenLab {
  const directory = makeLab("golden");
  const proxy = makeProxy(join(directory, "proxy"), goldenModules);
  const cache = join(directory, "m");
  const project = join(directory, "app");
  const home = join(directory, "home");
  mkdirSync(home);
  writeTree(project, projectFiles);
  const environment = goEnvironment({ home, cache, buildCache: join(home, "gocache"), proxy });
  const asRoot = { cwd: project, env: { ...environment, GOCACHE: join(directory, "rootcache"), GOFLAGS: "-mod=mod" } };
  for (const argv of [
    ["mod", "tidy"],
    ["mod", "download"],
    ["build", "-o", "/dev/null", "./..."],
  ])
    must(runAs(root, [goProgram, ...argv], asRoot));
  give(home, reader.uid, reader.gid);
  give(project, reader.uid, reader.gid);
  const lab = { directory, cache, project, environment };
  execFileSync("cp", ["-a", cache, `${cache}.good`]);
  execFileSync("cp", ["-a", project, `${project}.good`]);
  for (const argv of [
    ["build", "./..."],
    ["vet", "./..."],
    ["test", "./..."],
  ])
    must(runAs(reader, [goProgram, ...argv], { cwd: project, env: environment }));
  return lab;
}

function must(result: { status: number | null; stderr: string }): void {
  if (result.status !== 0) throw new Error(`the lab could not be made: ${result.stderr}`);
}

/** Puts the good cache and project back, then turns the cache into the named state. */
export function enterState(lab: GoldenLab, state: string): void {
  for (const path of [lab.cache, lab.project]) {
    rmSync(path, { recursive: true, force: true });
    execFileSync("cp", ["-a", `${path}.good`, path]);
  }
  const change = states[state];
  if (change === undefined) throw new Error(`no such golden state: ${state}`);
  change(lab.cache);
}

const v = (cache: string, suffix: string): string =>
  join(cache, "cache/download/example.com/alpha/@v", `v1.0.0.${suffix}`);
const tree = (cache: string, ...rest: string[]): string => join(cache, "example.com/alpha@v1.0.0", ...rest);
const mode = (path: (cache: string) => string, bits: number) => (cache: string) => chmodSync(path(cache), bits);
const remove = (path: (cache: string) => string) => (cache: string) => rmSync(path(cache), { recursive: true });

const states: Readonly<Record<string, (cache: string) => void>> = {
  ro: () => {},
  umask077: (cache) => walk(cache, (path, stats) => chmodSync(path, stats.mode & 0o7700)),
  nozip: remove((cache) => v(cache, "zip")),
  noziphash: remove((cache) => v(cache, "ziphash")),
  noinfo: remove((cache) => v(cache, "info")),
  nomod: remove((cache) => v(cache, "mod")),
  nodir: remove((cache) => tree(cache)),
  partial: (cache) => writeFileSync(v(cache, "partial"), ""),
  zip600: mode((cache) => v(cache, "zip"), 0o600),
  ziphash600: mode((cache) => v(cache, "ziphash"), 0o600),
  mod600: mode((cache) => v(cache, "mod"), 0o600),
  info600: mode((cache) => v(cache, "info"), 0o600),
  lock600: mode((cache) => v(cache, "lock"), 0o600),
  dir500: mode((cache) => tree(cache), 0o500),
  subdir500: mode((cache) => tree(cache, "sub"), 0o500),
  src400: mode((cache) => tree(cache, "a.go"), 0o400),
  gomod400: mode((cache) => tree(cache, "go.mod"), 0o400),
  atv700: mode((cache) => join(v(cache, "x"), ".."), 0o700),
  atv711: mode((cache) => join(v(cache, "x"), ".."), 0o711),
  dl700: mode((cache) => join(cache, "cache/download"), 0o700),
  cache700: mode((cache) => join(cache, "cache"), 0o700),
  host700: mode((cache) => join(cache, "example.com"), 0o700),
  host711: mode((cache) => join(cache, "example.com"), 0o711),
  root700: mode((cache) => cache, 0o700),
  ziphash0: (cache) => truncateSync(v(cache, "ziphash")),
  empty: (cache) => {
    rmSync(cache, { recursive: true });
    mkdirSync(cache);
  },
  absent: (cache) => rmSync(cache, { recursive: true }),
  file: (cache) => {
    rmSync(cache, { recursive: true });
    writeFileSync(cache, "");
  },
  gw: (cache) => shareCache(cache, 0o2775, 0o664),
  gwdirsonly: (cache) => shareCache(cache, 0o2775, undefined),
  "1777": (cache) => shareCache(cache, 0o1777, undefined),
};

/** The directories of the cache, not those of extracted modules, get a mode and group 3000; the files beside them too, if asked. */
function shareCache(cache: string, directories: number, files: number | undefined): void {
  walk(cache, (path, stats) => {
    if (path.slice(cache.length).includes("@v1") || path.slice(cache.length).includes("@v0")) return;
    if (stats.isDirectory()) {
      chownSync(path, 0, 3000);
      chmodSync(path, directories);
    } else if (files !== undefined) {
      chownSync(path, 0, 3000);
      chmodSync(path, files);
    }
  });
}

function walk(path: string, visit: (path: string, stats: Stats) => void): void {
  const stats = lstatSync(path);
  const names = stats.isDirectory() ? readdirSync(path) : [];
  for (const name of names) walk(join(path, name), visit);
  visit(path, stats);
}
