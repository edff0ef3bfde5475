// Who can read a module in a cache, compared with what real users can read.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnose } from "../../src/doctor/run.ts";
import type { Readers } from "../../src/facts/cache.ts";
import { randomOf } from "../random.ts";
import { scratch } from "../tree/scratch.ts";
import { addModule, watchModules } from "./cache.ts";
import { cacheFacts } from "./cache-facts.ts";

const isRoot = process.getuid?.() === 0;
const hasSetfacl = spawnSync("setfacl", ["--version"]).status === 0;
const module = "git.test/team/lib";
const everybody: Readers = { everybody: true, groups: [] };

async function readersIn(root: string): Promise<Readers | undefined> {
  const { rule, seen } = watchModules();
  await diagnose(cacheFacts(root), [rule]);
  // A cache with ACLs is walked twice: what counts is what was seen last.
  return seen.at(-1)?.readers;
}

const canRead = (root: string, gid: number): boolean =>
  [
    `${root}/${module}@v1.0.0/go.mod`,
    `${root}/cache/download/${module}/@v/v1.0.0.zip`,
    `${root}/cache/download/${module}/@v/v1.0.0.mod`,
  ].some(
    (path) =>
      spawnSync("setpriv", ["--reuid=60001", `--regid=${gid}`, "--clear-groups", "head", "-c1", path]).status === 0,
  );

test("a cache as go makes it is open to everybody, unless a directory above it is closed", async () => {
  const above = scratch();
  const root = `${above}/home/mod`;
  addModule(root, module, "v1.0.0");
  expect(await readersIn(root)).toEqual(everybody);
  chmodSync(`${above}/home`, 0o700);
  expect(await readersIn(root)).toEqual({ everybody: false, groups: [] });
});

test("both the tree and its record have to be closed", async () => {
  const root = scratch();
  addModule(root, module, "v1.0.0");
  chmodSync(`${root}/cache/download/git.test`, 0o700);
  expect(await readersIn(root)).toEqual(everybody);
  chmodSync(`${root}/git.test`, 0o700);
  expect(await readersIn(root)).toEqual({ everybody: false, groups: [] });
});

test.runIf(isRoot && hasSetfacl)("a group that an ACL lets in is seen", async () => {
  const root = scratch();
  addModule(root, module, "v1.0.0");
  execFileSync("chown", ["-R", "1000:1000", root]);
  chmodSync(root, 0o700);
  execFileSync("setfacl", ["-R", "-m", "g:3000:rX", root]);
  expect(await readersIn(root)).toEqual({ everybody: false, groups: [3000] });
  expect(canRead(root, 3000)).toBe(true);
  execFileSync("setfacl", ["-m", "m::---", root]);
  expect(await readersIn(root)).toEqual({ everybody: false, groups: [] });
  expect(canRead(root, 3000)).toBe(false);
});

test.runIf(isRoot)(
  "it says what real users can do, for random modes",
  async () => {
    const random = randomOf(Number(process.env["SEED"] ?? 11));
    const seen = { everybody: 0, group: 0, nobody: 0 };
    for (let draw = 0; draw < 60; draw += 1) {
      const root = scratch();
      addModule(root, module, "v1.0.0");
      execFileSync("chown", ["-R", "-h", "1000:3000", root]);
      for (const path of [
        "",
        "/git.test",
        `/${module}@v1.0.0`,
        "/cache",
        "/cache/download/git.test",
        `/cache/download/${module}/@v/v1.0.0.zip`,
      ])
        if (random() < 0.4)
          chmodSync(root + path, [0o750, 0o711, 0o710, 0o700, 0o755, 0o640, 0o604][Math.floor(random() * 7)] as number);
      for (const [path, mode] of [
        ["/cache/download/git.test/team", 0o755],
        [`/${module}@v1.0.0/go.mod`, 0o444],
      ] as const)
        chmodSync(root + path, mode);
      const readers = await readersIn(root);
      const stranger = canRead(root, 60_001);
      const member = canRead(root, 3000);
      expect({
        draw,
        everybody: readers?.everybody,
        group: readers?.everybody || readers?.groups.includes(3000),
      }).toEqual({
        draw,
        everybody: stranger,
        group: member || stranger,
      });
      seen[stranger ? "everybody" : member ? "group" : "nobody"] += 1;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  },
  60_000,
);
