// can and why's view of a Mac: real files here, ACLs and flags as a Mac would tell them (fake-mac.ts).
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorld, readFacts } from "../../../src/host/facts.ts";
import { readPrivacy } from "../../../src/host/macos/privacy.ts";
import { explainPath } from "../../../src/oracle/explain-path.ts";
import { parseListing } from "../../../src/permission/darwin-listing.ts";
import type { Ask } from "../../../src/permission/decision.ts";
import { isRoot, notRoot, openDirectory } from "../as-user.ts";
import { type FakeMac, fakeMac } from "./fake-mac.ts";

let directory: string;
const at = (name: string): string => join(directory, name);

beforeEach(() => {
  directory = openDirectory("mac");
  mkdirSync(at("tools"));
  mkdirSync(at("mod/cache"), { recursive: true });
  writeFileSync(at("mod/cache/lock"), "");
});
afterEach(() => rmSync(directory, { recursive: true }));

function why(mac: FakeMac, path: string, ask: Ask, who = "david") {
  const world = openWorld(fakeMac(at("tools"), mac));
  const options = { environment: { HOME: "/Users/david" }, directory: "/", cacheDirectory: at("mod"), who };
  return explainPath(readFacts(options, world), world, path, ask);
}

describe.skipIf(!isRoot)(`for a user of a Mac${isRoot ? "" : ` (${notRoot})`}`, () => {
  beforeEach(() => {
    for (const name of ["mod", "mod/cache", "mod/cache/lock"]) chownSync(at(name), 501, 20);
  });

  it("an ACL refuses what the mode grants, and the entry is taken away by its number", () => {
    const mac = {
      acls: { [at("mod/cache")]: ["group:staff allow list", "group:everyone deny add_file,delete_child"] },
    };
    expect(why(mac, at("mod/cache/new"), "create")).toMatchObject({
      verdict: "no",
      fixes: [{ command: `chmod -a# 1 ${at("mod/cache")}` }],
    });
    expect(why(mac, at("mod/cache/lock"), "lock").verdict).toBe("yes");
  });

  it("a deny of delete on a directory above stops neither entering nor filling it", () => {
    const mac = { acls: { [at("mod")]: ["group:everyone deny delete"] } };
    expect(why(mac, at("mod/x"), "create").verdict).toBe("yes");
    expect(why(mac, at("mod"), "delete")).toMatchObject({ verdict: "no" });
  });

  it("names get their numbers from directory services, and those without one could be anybody", () => {
    chmodSync(at("mod/cache/lock"), 0o600);
    const as = (line: string) =>
      why({ acls: { [at("mod/cache/lock")]: [line] } }, at("mod/cache/lock"), "read", "502:20");
    expect(as("group:staff allow read").verdict).toBe("yes");
    expect(as("user:david allow read").verdict).toBe("no");
    expect(as("user:gone allow read").verdict).toBe("unknown");
    expect(as("user:david grants read").verdict).toBe("unknown");
  });

  it("all groups of a user count, not those sixteen that getgroups(2) tells", () => {
    chmodSync(at("mod/cache/lock"), 0o600);
    chownSync(at("mod/cache/lock"), 0, 0);
    const mac = { acls: { [at("mod/cache/lock")]: ["group:com.apple.access_ssh allow read"] } };
    // It is not in groups.txt, so that its number is not known.
    expect(why(mac, at("mod/cache/lock"), "read").verdict).toBe("unknown");
    expect(
      why({ acls: { [at("mod/cache/lock")]: ["group:admin allow read"] } }, at("mod/cache/lock"), "read").verdict,
    ).toBe("yes");
    expect(why({}, at("mod/cache/lock"), "read").chain.at(-1)).toMatchObject({ verdict: "no" });
  });

  it("flags stop the owner, and SIP root", () => {
    expect(why({ flags: { [at("mod/cache/lock")]: "uchg" } }, at("mod/cache/lock"), "write")).toMatchObject({
      verdict: "no",
      fixes: [{ command: `chflags nouchg ${at("mod/cache/lock")}` }],
    });
    const restricted = { flags: { [at("mod")]: "restricted" } };
    expect(why(restricted, at("mod/x"), "create", "root")).toMatchObject({ verdict: "no" });
    expect(
      why({ ...restricted, protection: "System Integrity Protection status: disabled." }, at("mod/x"), "create", "root")
        .verdict,
    ).toBe("yes");
    expect(
      why({ ...restricted, protection: "unknown (Custom Configuration)." }, at("mod/x"), "create", "root").verdict,
    ).toBe("unknown");
  });

  it("where a volume ignores ownership, everybody owns everything", () => {
    const mounts = "/dev/disk5s1 on / (apfs, local, nodev, nosuid, journaled, noowners)\n";
    chmodSync(at("mod/cache/lock"), 0o600);
    expect(why({ mounts }, at("mod/cache/lock"), "write", "502:20").verdict).toBe("yes");
    expect(why({}, at("mod/cache/lock"), "write", "502:20").verdict).toBe("no");
  });

  it("what ls did not show, or cannot be asked, is unknown and told", () => {
    const silent = { instead: { ls: "exit 0" } };
    expect(why(silent, at("mod/cache/lock"), "write").verdict).toBe("unknown");
    const world = openWorld(fakeMac(at("tools"), { instead: { ls: "echo broken >&2; exit 2" } }));
    const facts = readFacts({ environment: {}, directory: "/", cacheDirectory: at("mod"), who: "david" }, world);
    expect(facts.acls).toEqual({ unseen: "ls: broken" });
  });

  it("names that end a line, or that have quotes and other letters, are no other entries", () => {
    const odd = 'a\n-rw-r--r--+ 1 x  staff  - 0 Jul  9 09:37 "é\\';
    writeFileSync(at(odd), "");
    chownSync(at(odd), 0, 0);
    expect(why({ acls: { [at(odd)]: ["user:david allow write"] } }, at(odd), "write").verdict).toBe("yes");
    expect(why({}, at(odd), "write").verdict).toBe("no");
  });

  it("a link whose target looks like an entry of an ACL gives nothing away", () => {
    symlinkSync(`x\n 0: group:everyone allow delete\n${at("mod/cache/lock")}`, at("mod/link -> y"));
    chownSync(at("mod"), 0, 0);
    expect(why({}, at("mod/link -> y"), "delete").verdict).not.toBe("yes");
    expect(why({}, at("mod/cache/lock"), "write").verdict).toBe("yes");
  });
});

it("facts are of a Mac: its running go, its quarantined go, its users", () => {
  mkdirSync(at("bin"));
  writeFileSync(at("bin/go"), "#!/bin/sh\nexit 1\n");
  chmodSync(at("bin/go"), 0o755);
  symlinkSync(at("bin/go"), at("go"));
  const world = openWorld(fakeMac(at("tools"), { quarantined: [at("bin/go")] }));
  const options = { environment: {}, directory: "/", cacheDirectory: at("mod"), goProgram: at("go") };
  expect(readFacts(options, world)).toMatchObject({
    platform: "darwin",
    quarantined: [at("bin/go")],
    runningGo: { value: [{ pid: 420, uid: 501, command: expect.stringMatching(/libexec\/bin\/go$/) }] },
    userNames: new Map([
      [501, "david"],
      [4294967294, "nobody"],
      [0, "root"],
    ]),
  });
});

it.each([
  ["/Users/david/Documents/go/pkg/mod", false, true],
  ["/Users/david/go/pkg/mod", false, false],
  ["/Users/david/Library/Mobile Documents/x", true, true],
  ["/Volumes/Work/mod", false, true],
])("consent may decide about %s", (path, isSelf, expected) => {
  const world = openWorld(fakeMac(at("tools")));
  expect(readPrivacy(path, isSelf, world) !== undefined).toBe(expected);
});

it("a home directory as it was recorded keeps its folders from being deleted, and nothing else", () => {
  const listing = readFileSync(new URL("../../fixtures/macos/ls-home.txt", import.meta.url), "utf8");
  const listed = parseListing(listing, { flags: false });
  expect(listed).toHaveLength(8);
  expect(listed.flatMap(({ acl }) => acl).every((ace) => !("unread" in ace))).toBe(true);
  expect(listed[0]?.acl).toMatchObject([
    { kind: "allow", principal: { name: "com.apple.sharepoint.group.3" }, rights: new Set(["execute"]) },
    { kind: "deny", principal: { kind: "everyone" }, rights: new Set(["delete"]) },
  ]);
});

it("the oldest form, with names that have no kind, is named and never taken for an allow", () => {
  const listing = readFileSync(new URL("../../fixtures/macos/ls-manual.txt", import.meta.url), "utf8");
  const [file] = parseListing(listing, { flags: false });
  expect(file?.acl).toHaveLength(5);
  expect(file?.acl.every((ace) => "unread" in ace)).toBe(true);
});
