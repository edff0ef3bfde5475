import { expect, test } from "vitest";
import type { Facts } from "../../src/facts/facts.ts";
import { type ContractOptions, chooseContract } from "../../src/fix/choose.ts";
import { UserDatabase } from "../../src/host/users.ts";

const users = new UserDatabase({
  file: (path) =>
    path === "/etc/passwd"
      ? "alice:x:1000:1000::/home/alice:/bin/sh\n"
      : path === "/etc/group"
        ? "devs:x:3000:alice\nempty:x:3001:\n"
        : "",
  program: () => ({ status: 1, stdout: Buffer.alloc(0), stderr: "", timedOut: false }),
});

function choose(options: ContractOptions, mode?: number, gid = 1000, acls = true) {
  const entry = mode === undefined ? {} : { entry: { type: "directory", uid: 1000, gid, mode } };
  const facts = { cache: { path: "/m", ...entry } } as unknown as Facts;
  return chooseContract(options, { facts, users, owner: { uid: 1000, gid: 1000 }, acls });
}

test("a new cache is one user's, with umask 022", () => {
  expect(choose({})).toEqual({ name: "private", uid: 1000, gid: 1000, umask: 0o022 });
});

test("an existing cache is opened to nobody who was kept out", () => {
  expect(choose({}, 0o700).umask).toBe(0o077);
  expect(choose({}, 0o750).umask).toBe(0o027);
  expect(choose({}, 0o755).umask).toBe(0o022);
  expect(choose({ umask: "022" }, 0o700).umask).toBe(0o022);
});

test("a cache of setgid directories that the group writes stays the group's", () => {
  expect(choose({}, 0o2775, 3000)).toMatchObject({ name: "group", gid: 3000, umask: 0o002 });
  expect(choose({}, 0o2770, 3000).umask).toBe(0o007);
});

test("a umask that lets the group write asks for the contract group", () => {
  expect(choose({ umask: "002" })).toMatchObject({ name: "group", gid: 1000, umask: 0o002 });
  expect(choose({ group: "devs" })).toMatchObject({ name: "group", gid: 3000, members: new Set([1000]) });
  // Nobody is listed, so anybody may be in it.
  expect(choose({ group: "empty" }).members).toBeUndefined();
  expect(choose({ group: "3999" })).toMatchObject({ gid: 3999 });
});

test("without ACLs there is no default ACL", () => {
  expect(choose({ group: "devs" }).defaultAcl).toBeDefined();
  expect(choose({ group: "devs" }, undefined, 0, false).defaultAcl).toBeUndefined();
});

test.each([
  [{ umask: "8" }, /octal/],
  [{ umask: "77777" }, /octal/],
  [{ umask: "000" }, /everybody/],
  [{ umask: "022", contract: "group" }, /group/],
  [{ umask: "002", contract: "readonly" }, /lets the group write/],
  [{ group: "nobody-has-it" }, /no group is called/],
  [{ group: "4294967295" }, /no group ID/],
] as const)("%o is refused", (options, message) => {
  expect(() => choose(options)).toThrow(message);
});
