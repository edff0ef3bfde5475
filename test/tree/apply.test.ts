// While an entry waits for its ACL, nobody has more than before or after.
import { execFileSync } from "node:child_process";
import { chownSync, closeSync, lstatSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Wanted } from "../../src/contract/departure.ts";
import { Changer } from "../../src/tree/apply.ts";
import type { Seen } from "../../src/tree/change.ts";
import { openRoot } from "../../src/tree/root.ts";
import { isRoot, notRoot } from "../host/as-user.ts";
import { scratch } from "./scratch.ts";

const other = { groups: new Map<number, number>(), owner: 6, other: 4 };

test.each([
  // The mode of a file with an ACL has the mask where the group's bits would be.
  [
    "an ACL comes back with a group",
    "",
    { mode: 0o674, acl: { ...other, users: new Map([[2003, 7]]), group: 4, mask: 7 } },
  ],
  [
    "an ACL comes with a group that has nothing",
    "",
    { mode: 0o674, acl: { ...other, users: new Map([[2003, 7]]), group: 0, mask: 7 } },
  ],
  ["an ACL goes", "u:2003:rwx", { mode: 0o664, acl: "none" as const }],
])("%s", (_, before, { mode, acl }) => {
  if (!isRoot) throw new Error(notRoot);
  const directory = scratch();
  const path = join(directory, "file");
  writeFileSync(path, "", { mode: 0o664 });
  chownSync(path, 2001, 5000);
  execFileSync("chmod", ["664", path]);
  if (before !== "") execFileSync("setfacl", ["-m", before, path]);
  const stats = lstatSync(path);
  const seen: Seen = {
    ...{ isDirectory: false, ino: stats.ino, ctime: stats.ctimeMs, birthtime: stats.birthtimeMs },
    ...{ uid: 2001, gid: 5000, mode: stats.mode & 0o7777, links: 1 },
  };
  const wanted: Wanted = { uid: 2001, gid: 2001, mode, acl };
  const root = openRoot(directory, () => true);
  const outcomes: string[] = [];
  const changer = new Changer(
    root,
    (_directory, _change, { status }) => outcomes.push(status),
    () => false,
  );
  changer.change({ names: [], changes: [{ name: "file", seen, wanted }] });
  // A kill would leave it like this.
  const between = lstatSync(path);
  const group = acl === "none" ? 6 : acl.group;
  expect(between.gid).toBe(2001);
  if (before === "") expect((between.mode >> 3) & 7 & ~group).toBe(0);
  else expect(between.mode & 0o7777 & ~seen.mode).toBe(0);
  changer.finish();
  expect(outcomes).toEqual(["changed"]);
  expect(lstatSync(path).mode & 0o7777).toBe(mode);
  closeSync(root.fd);
});
