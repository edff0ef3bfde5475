// What a list of macOS should be, for each kind of entry.
import { expect, test } from "vitest";
import type { DarwinContract } from "../../src/contract/contract.ts";
import { darwinDeparture } from "../../src/contract/darwin.ts";
import type { EntryKind } from "../../src/gocache/kind.ts";
import { darwinAclLines, parseDarwinAclLines } from "../../src/permission/darwin-steps.ts";

const alone: DarwinContract = { uid: 501, userName: "alice", groups: new Map([[20, "staff"]]) };
const shared: DarwinContract = { ...alone, shares: "devs" };
const share = [
  "group:devs allow list,add_file,search,add_subdirectory,delete_child,readattr,directory_inherit",
  "group:devs allow list,add_file,add_subdirectory,readattr,file_inherit,directory_inherit,only_inherit",
];

function departs(kind: EntryKind, isDirectory: boolean, lines: string[], flags: string[] = [], contract = alone) {
  const wanted = darwinDeparture(kind, isDirectory, { acl: parseDarwinAclLines(lines), flags }, contract);
  return wanted && { acl: darwinAclLines(wanted.acl), flags: wanted.flags };
}

test.each<[string, EntryKind, boolean, string[], string[] | undefined]>([
  ["what Docker Desktop and Finder put on a directory", "directory", true, ["group:everyone deny delete"], []],
  ["the same on GOMODCACHE itself, which go clean deletes", "root", true, ["group:everyone deny delete"], []],
  ["reading denied to the user", "zip", false, ["user:alice deny read"], []],
  ["reading denied to somebody else", "zip", false, ["user:bob deny read"], undefined],
  ["reading denied to a group that the user is in", "zip", false, ["group:staff deny list"], []],
  ["what go never does", "zip", false, ["group:everyone deny chown,writesecurity"], undefined],
  ["writing to what is only read", "source-file", false, ["group:everyone deny write"], undefined],
  ["writing to a lock", "lock", false, ["group:everyone deny write"], []],
  ["what new files would be denied", "directory", true, ["group:everyone deny delete,file_inherit,only_inherit"], []],
  [
    "what allows stays, inherited or not",
    "directory",
    true,
    ["group:everyone inherited deny delete_child", "user:bob inherited allow search"],
    ["user:bob inherited allow search"],
  ],
  ["things that are not Go's", "foreign", true, ["group:everyone deny delete"], undefined],
])("%s", (_, kind, isDirectory, lines, expected) => {
  expect(departs(kind, isDirectory, lines)?.acl).toEqual(expected);
});

test("flags of the owner go, those of the system stay", () => {
  expect(departs("zip", false, [], ["uchg", "hidden"])).toEqual({ acl: [], flags: ["hidden"] });
  expect(departs("zip", false, [], ["schg", "compressed"])).toBeUndefined();
});

test("a list with an entry of an unknown form is left alone", () => {
  const seen = { acl: [...parseDarwinAclLines(["group:everyone deny read"]), { unread: "?" }], flags: ["uchg"] };
  expect(darwinDeparture("zip", false, seen, alone)).toBeUndefined();
});

test("a group's directories get what new entries inherit, above what else is allowed; a second time nothing", () => {
  const before = ["user:bob deny chown", "user:bob allow list", "group:x inherited allow list"];
  const after = departs("directory", true, before, [], shared)?.acl;
  expect(after).toEqual(["user:bob deny chown", ...share, "user:bob allow list", "group:x inherited allow list"]);
  expect(departs("directory", true, after as string[], [], shared)).toBeUndefined();
  // As a new directory has it.
  const inherited = share.map((line) => line.replace("devs allow", "devs inherited allow"));
  expect(departs("directory", true, inherited, [], shared)).toBeUndefined();
});

test("files and extracted directories need no share", () => {
  expect(departs("zip", false, [], [], shared)).toBeUndefined();
  expect(departs("module-directory", true, [], [], shared)).toBeUndefined();
});
