import { describe, expect, test } from "vitest";
import { type Contract, contractOfUmask, contradiction, groupDefaultAcl } from "../../src/contract/contract.ts";
import { departure, metadataDeparts } from "../../src/contract/departure.ts";
import type { EntryKind } from "../../src/gocache/kind.ts";
import type { Acl } from "../../src/permission/acl.ts";

const mine: Contract = { name: "private", uid: 1000, gid: 1000, umask: 0o022 };
const ours: Contract = { name: "group", uid: 1000, gid: 3000, umask: 0o002, defaultAcl: groupDefaultAcl(3000, 0o002) };
const store: Contract = { name: "readonly", uid: 900, gid: 900, umask: 0o022 };
const closed: Contract = { ...mine, umask: 0o077 };

const directory = (mode: number, uid = 1000, gid = 1000) => ({ isDirectory: true, uid, gid, mode });
const file = (mode: number, uid = 1000, gid = 1000) => ({ isDirectory: false, uid, gid, mode });

describe("the modes of the contracts' table", () => {
  const rows: [Contract, EntryKind, boolean, number][] = [
    [mine, "root", true, 0o755],
    [mine, "version-directory", true, 0o755],
    [mine, "lock", false, 0o644],
    [mine, "source-directory", true, 0o555],
    [mine, "source-file", false, 0o444],
    [store, "zip", false, 0o644],
    [store, "toolchain-binary", false, 0o555],
    [closed, "root", true, 0o700],
    [closed, "zip", false, 0o600],
    [closed, "module-directory", true, 0o500],
    [closed, "source-file", false, 0o400],
    [ours, "root", true, 0o2775],
    [ours, "list", false, 0o664],
    [ours, "module-directory", true, 0o2555],
    [ours, "source-file", false, 0o444],
    [ours, "toolchain-binary", false, 0o555],
    [{ ...mine, writableTrees: true }, "module-directory", true, 0o755],
  ];
  test.each(rows)("%o %s", (contract, kind, isDirectory, mode) => {
    const is = { isDirectory, uid: contract.uid, gid: contract.gid, mode };
    expect(metadataDeparts(kind, is, contract)).toBe(false);
    const spoiled = { ...is, mode: mode ^ 0o044 };
    expect(departure(kind, spoiled, undefined, contract)).toMatchObject({ mode });
  });
});

describe("what does not hurt is left alone", () => {
  test("the group of a private entry, where it has no other rights than everybody", () => {
    expect(departure("zip", file(0o644, 1000, 50), undefined, mine)).toBeUndefined();
    expect(departure("zip", file(0o644, 1000, 50), undefined, { ...mine, umask: 0o027 })).toMatchObject({ gid: 1000 });
  });
  test("an unused program of one's own toolchain, which go makes executable itself", () => {
    expect(departure("toolchain-binary", file(0o444), undefined, mine)).toBeUndefined();
    expect(departure("toolchain-binary", file(0o444, 900, 900), undefined, store)).toMatchObject({ mode: 0o555 });
  });
  test("git's read-only objects and executable hooks in cache/vcs", () => {
    expect(departure("vcs", file(0o444), undefined, mine)).toBeUndefined();
    expect(departure("vcs", file(0o755), undefined, mine)).toBeUndefined();
    expect(departure("vcs", file(0o600), undefined, mine)).toMatchObject({ mode: 0o644 });
  });
  test("the mode of things that are not Go's, unless it gives too much", () => {
    expect(departure("foreign", file(0o755), undefined, mine)).toBeUndefined();
    expect(departure("foreign", file(0o700), undefined, mine)).toBeUndefined();
    expect(departure("foreign", file(0o777), undefined, mine)).toMatchObject({ mode: 0o755 });
  });
  test("any member's entries in a group's cache", () => {
    expect(departure("lock", file(0o664, 2002, 3000), undefined, ours)).toBeUndefined();
    const members = new Set([1000, 2001]);
    expect(departure("lock", file(0o664, 2001, 3000), undefined, { ...ours, members })).toBeUndefined();
    expect(departure("lock", file(0o664, 2002, 3000), undefined, { ...ours, members })).toMatchObject({ uid: 1000 });
    expect(departure("lock", file(0o664, 0, 3000), undefined, ours)).toMatchObject({ uid: 1000 });
  });
});

describe("ACLs", () => {
  const inherited: Acl = { owner: 6, users: new Map(), group: 7, groups: new Map([[3000, 7]]), mask: 6, other: 4 };
  const stranger: Acl = { ...inherited, users: new Map([[4000, 7]]) };

  test("a group's file may have the ACL that it inherits", () => {
    expect(departure("lock", file(0o664, 2002, 3000), { acl: inherited }, ours)).toBeUndefined();
  });
  test("nobody else may be named", () => {
    expect(departure("lock", file(0o664, 2002, 3000), { acl: stranger }, ours)).toMatchObject({ acl: "none" });
    expect(departure("lock", file(0o644), { acl: stranger }, mine)).toMatchObject({ acl: "none", mode: 0o644 });
  });
  test("an ACL that keeps the group out behind the mask goes", () => {
    const hides: Acl = { ...inherited, group: 4, groups: new Map() };
    expect(departure("lock", file(0o664, 2002, 3000), { acl: hides }, ours)).toMatchObject({ acl: "none" });
  });
  test("a group's directory needs its default ACL, what is extracted does not", () => {
    expect(departure("directory", directory(0o2775, 2001, 3000), undefined, ours)).toMatchObject({
      defaultAcl: ours.defaultAcl,
    });
    expect(departure("source-directory", directory(0o2555, 2001, 3000), undefined, ours)).toBeUndefined();
    const has = { defaultAcl: groupDefaultAcl(3000, 0o002) };
    expect(departure("directory", directory(0o2775, 2001, 3000), has, ours)).toBeUndefined();
  });
  test("a default ACL in a private cache goes: what is new would be shared", () => {
    const has = { defaultAcl: groupDefaultAcl(3000, 0o002) };
    expect(departure("directory", directory(0o755), has, mine)).toMatchObject({ defaultAcl: "none" });
  });
});

test("a new owner brings the group along", () => {
  expect(departure("zip", file(0o644, 0, 0), undefined, mine)).toEqual({ uid: 1000, gid: 1000, mode: 0o644 });
});

test("umask and contract must agree", () => {
  expect(contractOfUmask(0o002)).toBe("group");
  expect(contractOfUmask(0o027)).toBe("private");
  expect(contradiction("group", 0o022)).toMatch(/group/);
  expect(contradiction("group", 0o007)).toBeUndefined();
  expect(contradiction("private", 0o002)).toMatch(/lets the group write/);
  expect(contradiction("private", 0o000)).toMatch(/everybody/);
  expect(contradiction("readonly", 0o077)).toMatch(/nobody but the writer/);
  expect(contradiction("private", 0o400)).toMatch(/owner/);
});
