import { expect, test } from "vitest";
import { groupDefaultAcl } from "../../src/contract/contract.ts";
import type { Plan, Repair } from "../../src/fix/plan.ts";
import { repairCommands } from "../../src/report/repair-commands.ts";
import { appliedText, planText } from "../../src/report/repair-text.ts";

const defaultAcl = groupDefaultAcl(3000, 0o002);
const repair = (
  name: string,
  isDirectory: boolean,
  from: number,
  to: number,
  more: Partial<Repair["wanted"]> = {},
): Repair => ({
  name,
  kind: "directory",
  seen: { isDirectory, ino: 1, ctime: 1, birthtime: 1, uid: 0, gid: 0, mode: from, links: 1 },
  wanted: { uid: 1000, gid: 3000, mode: to, ...more },
});
const hostile = "a\n::error::x\u001b[31m";
const plan: Plan = {
  root: "/srv/it's",
  contract: { name: "group", uid: 1000, gid: 3000, umask: 0o002, defaultAcl },
  rootRepair: repair("", true, 0o755, 0o2775, { defaultAcl }),
  directories: [
    {
      names: ["cache"],
      changes: [repair("lock", false, 0o644, 0o664), repair(hostile, false, 0o666, 0o664, { acl: "none" })],
    },
  ],
  beyond: [{ names: ["x"], changes: [repair("y", false, 0o600, 0o664)] }],
  refused: [
    { path: "/srv/it's/l", reason: "symlink", uid: 0 },
    { path: "/srv/it's/f", reason: "foreign-owner", uid: 4000 },
  ],
  contents: [
    {
      rule: "ziphash-empty",
      record: ["cache", "download", "m", "@v"],
      version: "v1.0.0",
      unsafe: false,
      removals: [{ names: ["cache"], removal: { name: "v1.0.0.ziphash", isDirectory: false, ino: 2, mtime: 2 } }],
    },
  ],
  staying: ["1 broken module stays"],
  entries: 12,
  unseen: ["/srv/it's/closed: it cannot be listed (EACCES)"],
  whole: true,
  closed: [
    { path: "/srv", uid: 0, gid: 0, mode: "drwx------", because: "others have ---", commands: ["chmod o+x /srv"] },
  ],
};
const names = {
  userNames: new Map([
    [1000, "ci"],
    [0, "root"],
  ]),
  groupNames: new Map([
    [3000, "devs"],
    [0, "root"],
  ]),
};
const options = { version: "0.0.0", width: 80, colour: false, unicode: true, verbose: false };

test("a plan in groups, with what is left alone", () => {
  const text = planText(plan, names, options);
  expect(text).toMatchSnapshot();
  expect(text).not.toMatch(/\u001b|^::/m);
});

test("what came of it", () => {
  const applied = {
    id: "20261124-101500.000-abcd",
    changed: 2,
    removed: 1,
    skipped: 1,
    failed: 0,
    troubles: [{ path: "/srv/it's/cache/lock", status: "skipped" as const, reason: "it is gone" }],
  };
  expect(appliedText(plan, applied, { ...options, verb: "Changed" })).toMatchSnapshot();
});

test("the plan as commands for a shell", () => {
  expect(repairCommands(plan)).toMatchSnapshot();
});
