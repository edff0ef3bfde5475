// can, for a user of a Mac: go's calls played over real files, with ACLs and flags as a Mac would tell them.
import { chownSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Operation } from "../../src/gocache/operation.ts";
import { openWorld, readFacts } from "../../src/host/facts.ts";
import { Oracle } from "../../src/oracle/ask.ts";
import { addModule } from "../doctor/cache.ts";
import { isRoot, notRoot, openDirectory } from "../host/as-user.ts";
import { type FakeMac, fakeMac } from "../host/macos/fake-mac.ts";

let directory: string;
const at = (name: string): string => join(directory, name);
const inCache = "mod/cache/download/example.com/a/@v";

beforeEach(() => {
  directory = openDirectory("mac-can");
  mkdirSync(at("tools"));
  addModule(at("mod"), "example.com/a", "v1.0.0");
});
afterEach(() => rmSync(directory, { recursive: true }));

function can(operation: Operation, mac: FakeMac, who = "david") {
  const world = openWorld(fakeMac(at("tools"), mac));
  const options = { environment: { HOME: "/Users/david" }, directory: "/", cacheDirectory: at("mod"), who };
  return new Oracle(readFacts(options, world), world).ask({ operation, directory: "/" });
}

describe.skipIf(!isRoot)(`for the owner of a cache on a Mac${isRoot ? "" : ` (${notRoot})`}`, () => {
  beforeEach(() => {
    const below = readdirSync(at("mod"), { recursive: true, encoding: "utf8" });
    for (const path of ["mod", ...below.map((name) => `mod/${name}`)]) chownSync(at(path), 501, 20);
  });

  it("go clean -modcache succeeds without lists", () => {
    chownSync(directory, 501, 20);
    expect(can("clean", {}).verdict).toBe("yes");
  });

  it("go clean -modcache fails at an entry that may not be deleted, although its owner asks", () => {
    chownSync(directory, 501, 20);
    const path = at(`${inCache}/list`);
    expect(can("clean", { acls: { [path]: ["group:everyone deny delete"] } })).toMatchObject({
      verdict: "no",
      reasons: [{ deniedBy: { path, by: "acl-deny", because: "entry 0 of its ACL: group:everyone deny delete" } }],
    });
    expect(can("clean", { flags: { [path]: "uchg" } })).toMatchObject({
      verdict: "no",
      reasons: [{ deniedBy: { by: "immutable" } }],
    });
    expect(can("clean", { acls: { [path]: ["group:everyone denies delete"] } }).verdict).toBe("unknown");
  });

  it("adding a module fails where a list denies new directories, and another user adds one where one allows it", () => {
    const directories = ["mod", "mod/cache", "mod/cache/download"].map(at);
    const everywhere = (line: string) => ({ acls: Object.fromEntries(directories.map((path) => [path, [line]])) });
    expect(can("write", everywhere("user:david deny add_subdirectory"))).toMatchObject({
      verdict: "no",
      reasons: [{ deniedBy: { by: "acl-deny" } }],
    });
    expect(can("write", {}, "502:20").verdict).toBe("no");
    const shared = everywhere("group:staff allow add_file,add_subdirectory,delete_child");
    expect(can("write", shared, "502:20").verdict).toBe("yes");
  });

  it("nothing is promised where ls cannot be asked", () => {
    expect(can("write", { instead: { ls: "exit 2" } }).verdict).toBe("unknown");
  });
});
