// How long a single executable takes to say its version, beside an empty program of the same runtime. Usage: tsx bench/start.ts [RUNS]
// The empty program is built here with the Bun that scripts/build-executables.sh has fetched.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { printMedians } from "./medians.ts";

const target = "linux-x64";
const executable = execFileSync(join(import.meta.dirname, "../scripts/build-executables.sh"), ["--path", target], {
  encoding: "utf8",
}).trim();
const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
const bun = join(cache, "gomodcache-ci/bun-1.4.5", target);
const directory = mkdtempSync(join(tmpdir(), "gomodcache-start-"));
const empty = join(directory, "empty");
writeFileSync(join(directory, "empty.js"), "");
execFileSync(bun, ["build", "--compile", join(directory, "empty.js"), "--outfile", empty], { stdio: "ignore" });

const contestants = {
  "empty executable": [empty],
  "gomodcache --version": [executable, "--version"],
  "gomodcache --help": [executable, "--help"],
};

printMedians(contestants, Number(process.argv[2] ?? 21), ([file = "", ...argv]) => {
  const began = performance.now();
  const { status } = spawnSync(file, argv, { stdio: "ignore" });
  if (status !== 0) throw new Error(`${file} failed`);
  return performance.now() - began;
});
rmSync(directory, { recursive: true });
