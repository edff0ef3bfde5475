import { expect, it } from "vitest";
import { chmodEntry, createdEntry } from "../../src/permission/creation.ts";
import { formatMode } from "../../src/permission/entry.ts";
import { acl, directory, subject } from "./subjects.ts";

const app = subject(1000, 1000, [3000]);
const shared = acl({ owner: 7, group: 7, groups: new Map([[3000, 7]]), mask: 7, other: 5 });

it.each([
  ["a file under umask 022", directory(0, 0, 0o777), "file", 0o666, "-rw-r--r--", 1000],
  ["a directory under umask 022", directory(0, 0, 0o777), "directory", 0o777, "drwxr-xr-x", 1000],
  [
    "setgid hands on the group, and itself to directories",
    directory(0, 3000, 0o2777),
    "directory",
    0o777,
    "drwxr-sr-x",
    3000,
  ],
  ["setgid hands only the group to files", directory(0, 3000, 0o2777), "file", 0o666, "-rw-r--r--", 3000],
  [
    "a default ACL replaces the umask",
    directory(0, 0, 0o777, { defaultAcl: shared }),
    "file",
    0o666,
    "-rw-rw-r--+",
    1000,
  ],
  [
    "and is inherited by directories",
    directory(0, 0, 0o777, { defaultAcl: shared }),
    "directory",
    0o777,
    "drwxrwxr-x+",
    1000,
  ],
] as const)("%s", (_, parent, type, mode, shown, gid) => {
  const made = createdEntry(parent, app, { type, mode });
  expect([formatMode(made), made.uid, made.gid]).toEqual([shown, 1000, gid]);
});

it("umask 077 does nothing below a default ACL", () => {
  const made = createdEntry(
    directory(0, 0, 0o777, { defaultAcl: shared }),
    { ...app, umask: 0o077 },
    { type: "file", mode: 0o666 },
  );
  expect(made.acl?.mask).toBe(6);
});

it("chmod moves the mask of an ACL, not the group's entry", () => {
  const made = chmodEntry(directory(0, 0, 0o775, { acl: shared }), 0o555);
  expect([made.acl?.mask, made.acl?.group]).toEqual([5, 7]);
});
