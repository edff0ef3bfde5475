import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { UserSources } from "../../src/host/user-sources.ts";
import { parseGroup, parsePasswd, UserDatabase } from "../../src/host/users.ts";

const passwd = `root:x:0:0:root:/root:/bin/bash
builder:x:1000:1000::/home/builder:/bin/sh
toor:x:0:0::/root:/bin/sh
broken line
+::::::
huge:x:4294967295:1::/:/bin/sh
`;
const group = `root:x:0:
builder:x:1000:
go:x:3000:builder,ci
docker:x:998:builder
empty:x:5:
`;

function database(nsswitch?: string, answers: Record<string, string> = {}): { users: UserDatabase; asked: string[] } {
  const asked: string[] = [];
  const files: Record<string, string | undefined> = {
    "/etc/passwd": passwd,
    "/etc/group": group,
    "/etc/nsswitch.conf": nsswitch,
  };
  const sources: UserSources = {
    file: (path) => files[path],
    program: (name, args) => {
      const question = [name, ...args].join(" ");
      asked.push(question);
      const answer = answers[question];
      return { status: answer === undefined ? 2 : 0, stdout: Buffer.from(answer ?? ""), stderr: "", timedOut: false };
    },
  };
  return { users: new UserDatabase(sources), asked };
}

test("names and numbers come from the files", () => {
  const { users, asked } = database();
  expect(users.userByName("builder")).toEqual({
    name: "builder",
    uid: 1000,
    gid: 1000,
    home: "/home/builder",
    shell: "/bin/sh",
  });
  expect(users.userById(0)?.name).toBe("root");
  expect(users.groupById(3000)?.members).toEqual(["builder", "ci"]);
  expect(users.groupsOf(users.userById(1000) as never)).toEqual([1000, 3000, 998]);
  expect(users.membersOf(3000)).toEqual([1000]);
  expect(users.membersOf(1000)).toEqual([1000]);
  expect(users.membersOf(5)).toEqual([]);
  expect(users.userById(2001)).toBeUndefined();
  expect(asked).toEqual([]);
});

test("a directory service is asked for what the files do not have, and only once", () => {
  const { users, asked } = database("passwd: files sss\ngroup: files [NOTFOUND=continue] sss\n", {
    "getent passwd alice": "alice:*:70001:70000:Alice:/home/alice:/bin/bash\n",
    "getent group 70000": "staff:*:70000:alice\n",
    "id -G -- alice": "70000 70005\n",
  });
  expect(users.userByName("alice")).toMatchObject({ uid: 70001 });
  expect(users.groupById(70000)?.name).toBe("staff");
  expect(users.groupsOf(users.userByName("alice") as never)).toEqual([70000, 70005]);
  expect(users.userById(2001)).toBeUndefined();
  expect(users.userById(2001)).toBeUndefined();
  expect(asked.filter((question) => question === "getent passwd 2001")).toHaveLength(1);
  expect(users.userByName("--help")).toBeUndefined();
  expect(asked).not.toContain("getent passwd --help");
});

test.each([[undefined], ["passwd: files\ngroup: compat # sss\nhosts: files dns\n"]])(
  "without a directory service no program is run: %j",
  (nsswitch) => {
    const { users, asked } = database(nsswitch);
    expect(users.userById(2001)).toBeUndefined();
    expect(asked).toEqual([]);
  },
);

test("names are listed, the first of two with one number", () => {
  const { users } = database();
  expect(users.userNames([2001])).toEqual(
    new Map([
      [0, "root"],
      [1000, "builder"],
    ]),
  );
  expect(users.groupNames([3000]).get(3000)).toBe("go");
});

test.each([
  ["biulder", ["builder"]],
  ["roto", ["root"]],
  ["zzzzzzzz", []],
])("who is like %s", (name, similar) => {
  expect(database().users.similarNames(name)).toEqual(similar);
});

test("any text is parsed into sane entries", () => {
  const text = fc.array(
    fc.array(fc.constantFrom("a", "0", "1", ":", "-1", "99999999999", ",", "\0"), { maxLength: 12 }),
  );
  fc.assert(
    fc.property(text, (lines) => {
      const joined = lines.map((line) => line.join("")).join("\n");
      for (const { uid, gid } of parsePasswd(joined)) {
        for (const id of [uid, gid]) expect(id >= 0 && id < 4294967295 && Number.isInteger(id)).toBe(true);
      }
      for (const { gid } of parseGroup(joined)) expect(gid >= 0 && gid < 4294967295).toBe(true);
    }),
  );
});

test("the machine's own users have the groups that id(1) tells", () => {
  const users = new UserDatabase();
  for (const name of ["root", "nobody", "daemon"]) {
    const told = String(spawnSync("id", ["-G", name]).stdout)
      .trim()
      .split(" ")
      .map(Number);
    const user = users.userByName(name);
    expect(new Set(user === undefined ? [] : users.groupsOf(user))).toEqual(new Set(told));
  }
});
