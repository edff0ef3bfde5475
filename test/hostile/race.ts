// Rounds of repair in one process, for as long as an attack lasts, and the naive walker that shows what the attack is worth.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { bundleCode } from "../init/bundle.ts";
import { bundleWithoutProc } from "../tree/chdir-means.ts";
import { attacker } from "./arena.ts";

/** How long each attack goes on, in seconds: 10 in CI, 60 by hand. */
export const raceSeconds = Number(process.env["RACE_SECONDS"] ?? 10);

export interface Rounds {
  readonly rounds: number;
  readonly changed: number;
  readonly skipped: number;
  readonly failed: number;
  /** Refusals of the whole cache. */
  readonly refusals: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** What `fix` does, again and again: the umask changes each time, so that every file has to be changed. */
const repairing = `
import { closeSync } from "node:fs";
import { UserError } from "/src/error.ts";
import { openWorld, readFacts } from "/src/host/facts.ts";
import { openCache, planRepair } from "/src/fix/repair.ts";
import { applyPlan } from "/src/fix/apply.ts";
const [cache, seconds, from] = process.argv.slice(2);
const uid = ${attacker};
const facts = readFacts({ environment: {}, directory: "/", cacheDirectory: cache, who: uid + ":" + uid }, openWorld());
const result = { rounds: 0, changed: 0, skipped: 0, failed: 0, refusals: 0, reasons: {} };
const count = (reason) => (result.reasons[reason] = (result.reasons[reason] ?? 0) + 1);
const end = Date.now() + Number(seconds) * 1000;
while (Date.now() < end) {
  result.rounds += 1;
  const umask = result.rounds % 2 === 0 ? 0o022 : 0o027;
  const contract = { name: "private", uid, gid: uid, umask };
  try {
    const root = openCache(cache, { facts, homes: [] });
    try {
      const options = { deep: true, everyAcl: false, from: from ? from.split(",").map(Number) : [] };
      const plan = await planRepair(root, contract, facts, options);
      for (const { reason } of plan.refused) count(reason);
      const applied = await applyPlan(root, plan, { command: "fix" });
      for (const key of ["changed", "skipped", "failed"]) result[key] += applied[key];
      for (const { reason } of applied.troubles) count(reason);
    } finally {
      closeSync(root.fd);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    result.refusals += 1;
    count(error.message);
  }
}
console.log(JSON.stringify(result));
`;

/** Repairs a cache for some seconds. @param withoutProc by the means of other systems @throws if it crashes */
export async function repairFor(
  seconds: number,
  cache: string,
  directory: string,
  from = "",
  withoutProc = false,
): Promise<Rounds> {
  const outfile = join(directory, "repairing.mjs");
  const file = withoutProc ? await bundleWithoutProc(repairing, outfile) : bundleCode(repairing, outfile);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, cache, String(seconds), from], {
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let complaints = "";
    child.stdout.on("data", (part) => (output += part));
    child.stderr.on("data", (part) => (complaints += part));
    child.on("close", (status) => {
      if (status === 0) resolve(JSON.parse(output) as Rounds);
      else reject(new Error(`the repair ended with ${status}: ${complaints}`));
    });
  });
}

/**
 * What most tools do: list a directory, make sure by lstat(2) that an entry is neither a link nor has other names, change it by
 * its path. Each round gives everything to the attacker. It ends as soon as the victim was hit.
 */
const careless = `
import { chmodSync, chownSync, lstatSync, readdirSync } from "node:fs";
const [tree, seconds, ...victims] = process.argv.slice(1);
const state = () => victims.map((path) => { const { uid, gid, mode } = lstatSync(path); return [uid, gid, mode].join(); }).join(";");
const before = state();
const begin = Date.now();
let rounds = 0;
const change = (path) => {
  for (const entry of readdirSync(path)) {
    const at = path + "/" + entry;
    const stats = lstatSync(at);
    if (stats.isSymbolicLink()) continue;
    if (stats.isDirectory()) change(at);
    else if (stats.nlink === 1) {
      chownSync(at, ${attacker}, ${attacker});
      chmodSync(at, 0o644);
    }
  }
};
while (Date.now() < begin + Number(seconds) * 1000 && state() === before) {
  rounds += 1;
  try { change(tree); } catch (error) { if (error.code === undefined) throw error; }
}
console.log(JSON.stringify({ hit: state() !== before, rounds, milliseconds: Date.now() - begin }));
`;

/** @returns what became of the victims; say it in the output */
export function walkCarelessly(
  seconds: number,
  tree: string,
  victims: readonly string[],
): Promise<{ hit: boolean; rounds: number; milliseconds: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--input-type=module", "-e", careless, "--", tree, String(seconds), ...victims],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let output = "";
    child.stdout.on("data", (part) => (output += part));
    child.on("close", (status) => {
      if (status === 0) resolve(JSON.parse(output));
      else reject(new Error(`the careless walker ended with ${status}`));
    });
  });
}
