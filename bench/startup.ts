// How long the program takes to say its version and its help, beside an empty node program. Usage: tsx bench/startup.ts [RUNS]
import { spawnSync } from "node:child_process";
import { printMedians } from "./medians.ts";

const contestants = {
  "node -e ''": ["-e", ""],
  "gomodcache --version": ["dist/cli.js", "--version"],
  "gomodcache --help": ["dist/cli.js", "--help"],
};

printMedians(contestants, Number(process.argv[2] ?? 21), (argv) => {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, argv, { stdio: "ignore" });
  if (status !== 0) throw new Error(`${argv.join(" ")} failed`);
  return performance.now() - began;
});
