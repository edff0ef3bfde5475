// Several threads change what one thread would, skip what one would skip, and say so of the right entry.
import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isPackable, packChanges, unpackChanges } from "../../src/tree/change-batch.ts";
import { bundleCode } from "../init/bundle.ts";
import { scratch } from "./scratch.ts";

const seen = { isDirectory: false, ino: 2 ** 52, ctime: 1.5, birthtime: 0, uid: 0, gid: 1, mode: 0o4755, links: 2 };
const wanted = { uid: 4294967294, gid: 3, mode: 0o2644 };

test("changes are the same after they were packed and unpacked", () => {
  const directories = [
    { names: [], changes: [{ name: "new\nline", seen, wanted }] },
    {
      names: ["a", "\udcff"],
      changes: [
        { name: "b", seen: { ...seen, isDirectory: true }, wanted },
        { name: "c", seen, wanted },
      ],
    },
  ];
  expect([...unpackChanges(packChanges(directories, true))]).toEqual(directories);
});

test("what numbers and names cannot tell is not packed", () => {
  expect(isPackable({ name: "a", seen, wanted })).toBe(true);
  expect(isPackable({ name: "a", seen: { ...seen, ino: 2n ** 60n }, wanted })).toBe(false);
  expect(isPackable({ name: "a", seen, wanted: { ...wanted, acl: "none" } })).toBe(false);
  expect(isPackable({ name: "a", seen, wanted: { ...wanted, defaultAcl: "none" } })).toBe(false);
});

/** Looks, has one file changed by somebody else, and lets a crew make the changes. */
const changing = `
import { chmodSync } from "node:fs";
import { planRepair } from "/src/fix/repair.ts";
import { openWorld, readFacts } from "/src/host/facts.ts";
import { Changer } from "/src/tree/apply.ts";
import { ChangeCrew } from "/src/tree/change-crew.ts";
import { openRoot } from "/src/tree/root.ts";
const [cache, foreign] = process.argv.slice(2);
const facts = readFacts({ environment: {}, directory: "/", cacheDirectory: cache }, openWorld());
const { uid, gid } = facts.self;
const root = openRoot(cache, () => true);
const options = { deep: true, readAcls: false, everyAcl: false, contents: false };
const plan = await planRepair(root, { name: "private", uid, gid, umask: 0o022 }, facts, options);
chmodSync(foreign, 0o640);
const result = { changed: 0, own: 0, others: [] };
const own = new Changer(root, () => (result.own += 1), () => false);
const crew = ChangeCrew.start(root, own, ({ names }, { name }, outcome) => {
  if (outcome.status === "changed") result.changed += 1;
  else result.others.push([[...names, name].join("/"), outcome.status, outcome.reason]);
});
await crew.change(plan.directories, false);
await crew.finish();
own.finish();
console.log(JSON.stringify(result));
process.exit();
`;

test("threads make the changes of a cache", ({ skip }) => {
  skip(process.platform !== "linux", "needs /proc");
  skip(availableParallelism() < 2, "needs two processors");
  const directory = scratch();
  const cache = join(directory, "mod");
  const files: string[] = [];
  for (let module = 0; module < 60; module += 1) {
    const versions = join(cache, `cache/download/example.com/m${module}/@v`);
    mkdirSync(versions, { recursive: true });
    for (let at = 0; at < (module === 0 ? 900 : 20); at += 1) files.push(join(versions, `v1.${at}.0.info`));
  }
  for (const file of files) writeFileSync(file, "{}", { mode: 0o600 });
  mkdirSync(join(directory, "tree"));
  bundleCode('import "/src/tree/change-worker.ts";', join(directory, "tree/change-worker.js"));
  const program = bundleCode(changing, join(directory, "changing.mjs"));
  const foreign = files[700] as string;
  const { stdout, stderr } = spawnSync(process.execPath, [program, cache, foreign], { encoding: "utf8" });
  const { changed, own, others } = JSON.parse(stdout || `"${stderr}"`);
  expect({ changed, own }).toEqual({ changed: files.length - 1, own: 0 });
  expect(others).toEqual([[foreign.slice(cache.length + 1), "skipped", "it was changed meanwhile"]]);
  expect(files.filter((file) => (lstatSync(file).mode & 0o7777) !== 0o644)).toEqual([foreign]);
});
