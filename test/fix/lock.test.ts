// One run at a time, however many want the lock of a run that died.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleCode } from "../init/bundle.ts";
import { scratch } from "../tree/scratch.ts";

/**
 * Takes the lock again and again. While it holds it, a file that only one can make says so. In the end it lets go, or lies down
 * as one that was killed does: with its lock in place, naming a process that is gone.
 */
const taking = `
import { closeSync, openSync, readFileSync, rmSync, renameSync, writeFileSync } from "node:fs";
import { RunLock } from "/src/fix/lock.ts";
import { StateDirectory } from "/src/fix/state.ts";
const [directory, rounds, ways] = process.argv.slice(2);
const state = StateDirectory.open(directory + "/state", undefined, true);
const witness = directory + "/held";
const lockFile = directory + "/state/key.lock";
const result = { held: 0, died: 0, together: 0 };
for (let round = 0; round < Number(rounds); round += 1) {
  const lock = await RunLock.take(state, "key", "test", () => undefined, 1);
  result.held += 1;
  try {
    closeSync(openSync(witness, "wx"));
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    result.together += 1;
    lock.release();
    continue;
  }
  if (round % 3 === 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
  rmSync(witness);
  if (ways === "die" || (ways === "both" && Math.random() < 0.5)) {
    result.died += 1;
    // A process that started at another time had that PID.
    const text = JSON.stringify({ ...JSON.parse(readFileSync(lockFile, "utf8")), started: "1", id: hex() });
    const other = directory + "/" + process.pid;
    writeFileSync(other, text, { mode: 0o600 });
    renameSync(other, lockFile);
  } else lock.release();
}
function hex() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
console.log(JSON.stringify(result));
`;

interface Result {
  readonly held: number;
  readonly died: number;
  readonly together: number;
}

function take(program: string, args: readonly string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (part) => (output += part));
    child.on("close", (status) =>
      status === 0 ? resolve(JSON.parse(output)) : reject(new Error(`ended with ${status}`)),
    );
  });
}

test.each(["die", "both", "release"])("of many takers one holds it: they %s", async (ways) => {
  const directory = scratch();
  mkdirSync(join(directory, "state"), { mode: 0o700 });
  const program = bundleCode(taking, join(directory, "taking.mjs"));
  const takers = 5;
  const rounds = 60;
  const results = await Promise.all(
    Array.from({ length: takers }, () => take(program, [directory, `${rounds}`, ways])),
  );
  const sum = (key: keyof Result): number => results.reduce((total, result) => total + result[key], 0);
  expect(sum("together")).toBe(0);
  expect(sum("held")).toBe(takers * rounds);
  if (ways !== "release") expect(sum("died")).toBeGreaterThan(takers * 10);
  // Nothing is left but the lock of the last one, if that died.
  const left = readdirSync(join(directory, "state"));
  expect(left.filter((name) => name !== "key.lock")).toEqual([]);
});
