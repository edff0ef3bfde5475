import fc from "fast-check";
import { expect, test } from "vitest";
import { UserError } from "../../src/error.ts";
import { parseIdMap, readSelf, resolveSubject } from "../../src/host/subject.ts";
import { UserDatabase } from "../../src/host/users.ts";
import { fileCapabilities, parseWho } from "../../src/permission/subject.ts";
import { asUser, isRoot, notRoot, printedBy } from "./as-user.ts";

const files: Record<string, string> = {
  "/etc/passwd": "root:x:0:0::/root:/bin/sh\nbuilder:x:1000:1000::/home/builder:/bin/sh\n",
  "/etc/group": "root:x:0:\nbuilder:x:1000:\ngo:x:3000:builder\n",
};
const noProgram = () => ({ stdout: Buffer.alloc(0), stderr: "", timedOut: false });
const users = new UserDatabase({ file: (path) => files[path], program: noProgram });

/** A container of docker: root without CAP_DAC_READ_SEARCH, which docker drops. */
const proc: Record<string, string> = {
  "/proc/self/status": `Name:	node
Umask:	0027
Uid:	0	0	0	0
Gid:	0	0	0	0
Groups:	0 10
CapEff:	00000000a80425fb
CapBnd:	00000000a80425fb
`,
  "/proc/self/uid_map": "         0     100000      65536\n",
  "/proc/self/gid_map": "         0     100000      65536\n",
};
const self = readSelf((path) => proc[path]);

test("the credentials of this process are those of /proc", () => {
  expect(self.subject).toEqual({
    uid: 0,
    gid: 0,
    groups: [0, 10],
    capabilities: new Set(["dac_override", "fowner", "chown", "fsetid"]),
    umask: 0o027,
    uidMap: [{ inside: 0, outside: 100000, count: 65536 }],
    gidMap: [{ inside: 0, outside: 100000, count: 65536 }],
  });
});

test("without /proc there are still credentials", () => {
  expect(readSelf(() => undefined).subject).toMatchObject({ uid: process.geteuid?.(), umask: 0o022 });
  expect(readSelf(() => "nonsense").subject.uid).toBe(process.geteuid?.());
});

test("nobody named is this user, with its real umask", () => {
  expect(resolveSubject(undefined, self, users)).toEqual({
    subject: self.subject,
    name: "root",
    home: "/root",
    self: true,
  });
});

test.each([
  ["builder", { uid: 1000, gid: 1000, groups: [1000, 3000], umask: 0o022 }],
  ["1000", { uid: 1000, gid: 1000, groups: [1000, 3000], umask: 0o022 }],
  ["1000:50", { uid: 1000, gid: 50, groups: [] }],
  ["1000:50,60+umask=002", { uid: 1000, gid: 50, groups: [60], umask: 0o002 }],
  ["2001", { uid: 2001, gid: 2001, groups: [], umask: 0o022 }],
  ["2001+umask=077", { uid: 2001, umask: 0o077 }],
])("%s is resolved", (text, expected) => {
  const { subject, self: isSelf } = resolveSubject(parseWho(text), self, users);
  expect(subject).toMatchObject(expected);
  expect(subject.capabilities.size).toBe(0);
  expect(subject.uidMap).toEqual(self.subject.uidMap);
  expect(isSelf).toBe(false);
});

test("a UID without an entry has neither name nor home", () => {
  const facts = resolveSubject(parseWho("2001"), self, users);
  expect(facts).not.toHaveProperty("name");
  expect(facts).not.toHaveProperty("home");
});

test("root has what the bounding set of this container leaves", () => {
  const ordinary = { ...self, subject: { ...self.subject, uid: 1000, capabilities: new Set<never>() } };
  const { subject, self: isSelf } = resolveSubject(parseWho("root"), ordinary, users);
  expect(isSelf).toBe(false);
  expect(subject.capabilities).toEqual(self.bounding);
  expect(self.bounding.has("dac_read_search")).toBe(false);
});

test("capabilities that were asked for win", () => {
  expect(resolveSubject(parseWho("0+cap=none"), self, users).subject.capabilities.size).toBe(0);
  expect([...resolveSubject(parseWho("2001+cap=fowner"), self, users).subject.capabilities]).toEqual(["fowner"]);
});

test("a name that nobody has is refused with a guess", () => {
  const ask = (name: string) => () => resolveSubject(parseWho(name), self, users);
  expect(ask("bulder")).toThrow(UserError);
  expect(ask("bulder")).toThrow('no user is called "bulder"');
  try {
    ask("bulder")();
  } catch (error) {
    expect((error as UserError).hint).toContain("did you mean builder?");
    expect((error as UserError).status).toBe(2);
  }
});

test("any map is read without a crash", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const range of parseIdMap(text) ?? []) expect(range.count).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("another user's process reads its own credentials", (context) => {
  context.skip(!isRoot, notRoot);
  const code = `import { readSelf } from "/src/host/subject.ts";
    process.umask(0o77);
    const { subject } = readSelf();
    console.log(JSON.stringify({ ...subject, capabilities: [...subject.capabilities] }));`;
  expect(printedBy(code, asUser(2001, 3000, 3001))).toMatchObject({
    uid: 2001,
    gid: 2001,
    groups: [3000, 3001],
    umask: 0o077,
    capabilities: [],
  });
});

test("root of a new user namespace has all capabilities over the one ID that is mapped", (context) => {
  context.skip(!isRoot, notRoot);
  const code = `import { readSelf } from "/src/host/subject.ts";
    const { subject } = readSelf();
    console.log(JSON.stringify({ ...subject, capabilities: [...subject.capabilities].length }));`;
  expect(printedBy(code, ["unshare", "--user", "--map-root-user"])).toMatchObject({
    uid: 0,
    capabilities: fileCapabilities.length,
    uidMap: [{ inside: 0, outside: 0, count: 1 }],
  });
});
