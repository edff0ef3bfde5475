// The package as npm installs it: packed, installed without scripts and network into an empty project, and run from there.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeLab, removeLab } from "./lab.ts";

let lab: string;
let project: string;
let archive: string;
beforeAll(() => {
  lab = makeLab("package");
  project = join(lab, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  const source = fileURLToPath(new URL("../..", import.meta.url));
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", lab], {
    cwd: source,
    encoding: "utf8",
  });
  const [{ filename }] = JSON.parse(packed);
  archive = join(lab, filename);
  install(project);
}, 120_000);
afterAll(() => removeLab(lab));

function install(directory: string, ...options: string[]): void {
  const quiet = ["--ignore-scripts", "--offline", "--no-audit", "--no-fund"];
  execFileSync("npm", ["install", ...options, ...quiet, archive], { cwd: directory });
}

function run(name: string, ...argv: string[]) {
  return spawnSync(join(project, "node_modules/.bin", name), argv, { cwd: project, encoding: "utf8" });
}

it("needs no other package and no install script", () => {
  const manifest = JSON.parse(readFileSync(join(project, "node_modules/gomodcache/package.json"), "utf8"));
  expect(manifest.dependencies).toBeUndefined();
  for (const script of ["preinstall", "install", "postinstall"]) expect(manifest.scripts[script]).toBeUndefined();
  const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
  expect(Object.keys(lock.packages)).toEqual(["", "node_modules/gomodcache"]);
});

it("runs: the version, a rule's page, the targets of generate, the help of gomodcache-init", () => {
  expect(run("gomodcache", "--version")).toMatchObject({ status: 0, stderr: "" });
  expect(run("gomodcache", "explain", "partial-extraction").stdout).toContain("partial-extraction");
  expect(run("gomodcache", "generate", "dockerfile").stdout).toContain("FROM");
  expect(run("gomodcache-init", "--help").stdout).toContain("Examples:");
});

it("is well-formed to publint: every file that it names is there, is of its kind, and can be imported", async () => {
  const { messages } = await publint({ pkgDir: join(project, "node_modules/gomodcache"), pack: false, strict: true });
  expect(messages).toEqual([]);
});

it("has what it needs and nothing of the repository's own", () => {
  const installed = readdirSync(join(project, "node_modules/gomodcache")).sort();
  expect(installed).toEqual(["LICENSE", "README.md", "dist", "docs", "package.json", "packaging", "policy", "schema"]);
});

it("as a global package has manual pages where man looks", () => {
  install(project, "--global", "--prefix", join(lab, "prefix"));
  expect(readdirSync(join(lab, "prefix/bin")).sort()).toEqual(["gomodcache", "gomodcache-init"]);
  const pages = readdirSync(join(lab, "prefix/share/man/man1"));
  expect(pages).toEqual(expect.arrayContaining(["gomodcache.1", "gomodcache-doctor.1", "gomodcache-init.1"]));
});
