// May root run a program of a Mac? Not if a list lets somebody else put another in its place.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openWorld } from "../../../src/host/facts.ts";
import { replaceable } from "../../../src/host/trusted.ts";
import { UserDatabase, userSources } from "../../../src/host/users.ts";
import { isRoot, notRoot, openDirectory } from "../as-user.ts";
import { type FakeMac, fakeMac } from "./fake-mac.ts";

let directory: string;
const at = (name: string): string => join(directory, name);

beforeEach(() => {
  directory = openDirectory("mac-trusted");
  mkdirSync(at("tools"));
  mkdirSync(at("bin"));
  writeFileSync(at("bin/go"), "");
  for (const name of ["", "bin", "bin/go"]) chmodSync(at(name), 0o755);
});
afterEach(() => rmSync(directory, { recursive: true }));

function reason(mac: FakeMac): string | undefined {
  const platform = fakeMac(at("tools"), mac);
  return replaceable(at("bin/go"), new Set([0]), openWorld(platform), new UserDatabase(userSources(platform)));
}

it.skipIf(!isRoot).each([
  ["a list that lets a user add", "bin", "user:david allow add_file", "user:david"],
  ["one that lets a group delete", "bin", "group:wheel allow delete_child", "group:wheel"],
  ["one that lets everybody write the program", "bin/go", "group:everyone allow write", "group:everyone"],
  ["one that lets a user change the list", "bin/go", "user:david allow writesecurity", "user:david"],
  ["one that is not understood", "bin", "user:root permits everything", "not understood"],
])(`is not trusted with %s${isRoot ? "" : ` (${notRoot})`}`, (_, name, line, words) => {
  expect(reason({ acls: { [at(name)]: [line] } })).toContain(words);
});

it.skipIf(!isRoot).each([
  ["denies", "group:everyone deny delete,write"],
  ["lets read", "group:everyone allow read,execute"],
  ["lets root write", "user:root allow write,delete"],
])(`is trusted with a list that %s${isRoot ? "" : ` (${notRoot})`}`, (_, line) => {
  expect(reason({ acls: { [at("bin/go")]: [line] } })).toBeUndefined();
});

it.skipIf(!isRoot)(`is not trusted on a volume that ignores ownership${isRoot ? "" : ` (${notRoot})`}`, () => {
  expect(reason({ mounts: "/dev/disk5s1 on / (apfs, local, noowners)\n" })).toContain("ignores ownership");
});
