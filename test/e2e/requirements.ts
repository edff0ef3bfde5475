// What the end-to-end tests need of the machine. Elsewhere they are skipped by name with the reason; CI fails on a skip.
import { spawnSync } from "node:child_process";
import { describe } from "vitest";
import { goProgram } from "./lab.ts";

function missing(): string | undefined {
  if (process.platform !== "linux") return "they run real users' commands on Linux";
  if (process.geteuid?.() !== 0) return "they need root, to run commands as other users";
  for (const program of ["setpriv", "getfacl", "setfacl", "chattr", goProgram]) {
    if (spawnSync(program, ["--version"], { stdio: "ignore" }).error !== undefined)
      return `${program} is not installed`;
  }
  return undefined;
}

const reason = missing();

/** describe(), or a skip that says why. */
export function describeOnMachine(title: string, tests: () => void): void {
  describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, tests);
}
