import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DarwinAce,
  type DarwinInheritance,
  type DarwinPrincipal,
  type DarwinRight,
  formatAce,
  formatDarwinAcl,
  parseAceLine,
} from "../../src/permission/darwin-acl.ts";
import { parseListing } from "../../src/permission/darwin-listing.ts";

const fileRights = [
  ...["read", "write", "execute", "delete", "append", "readattr", "writeattr", "readextattr", "writeextattr"],
  ...["readsecurity", "writesecurity", "chown"],
] as DarwinRight[];
const inheritances = ["file_inherit", "directory_inherit", "limit_inherit", "only_inherit"] as DarwinInheritance[];

/** Short names of a directory service: groups may have spaces and a domain before a backslash. */
const name = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_.\\-]*( [A-Za-z0-9]+){0,2}$/)
  .filter((text) => text !== "everyone" && !/(^| )(allow|deny|inherited)( |$)/.test(text));
const principal: fc.Arbitrary<DarwinPrincipal> = fc.oneof(
  fc.constant({ kind: "everyone" } as const),
  fc.record({ kind: fc.constantFrom("user" as const, "group" as const), name }),
  fc.uuid().map((uuid) => ({ kind: "uuid", name: uuid.toUpperCase() }) as const),
);
const ace = (isDirectory: boolean): fc.Arbitrary<DarwinAce> =>
  fc.record({
    kind: fc.constantFrom("allow" as const, "deny" as const),
    principal,
    rights: fc.subarray(isDirectory ? [...fileRights, "delete_child" as const] : fileRights).map((all) => new Set(all)),
    inherits: fc.subarray(isDirectory ? inheritances : []).map((all) => new Set(all)),
    inherited: fc.boolean(),
  });

describe("an entry of a list", () => {
  it.each([
    [" 0: group:everyone deny delete", { kind: "deny", principal: { kind: "everyone" }, inherited: false }],
    [
      " 12: user:alice inherited allow read,write",
      { kind: "allow", principal: { kind: "user", name: "alice" }, inherited: true },
    ],
    [
      " 0: group:EXAMPLE\\domain users allow list",
      { kind: "allow", principal: { kind: "group", name: "EXAMPLE\\domain users" }, inherited: false },
    ],
    [
      " 0: ABCDEFAB-CDEF-ABCD-EFAB-CDEF0000000C deny delete",
      { kind: "deny", principal: { kind: "everyone" }, inherited: false },
    ],
    [
      " 0: FFFFEEEE-DDDD-CCCC-BBBB-AAAA000001F5 allow read",
      { principal: { kind: "user", name: "FFFFEEEE-DDDD-CCCC-BBBB-AAAA000001F5", id: 501 } },
    ],
    [
      " 0: 0A1B2C3D-0000-4000-8000-0123456789AB allow read",
      { principal: { kind: "uuid", name: "0A1B2C3D-0000-4000-8000-0123456789AB" } },
    ],
  ])("%s", (line, expected) => {
    expect(parseAceLine(line)).toMatchObject(expected);
  });

  it("takes both words of a right as the same right", () => {
    expect(parseAceLine(" 0: user:a allow list,add_file,search,add_subdirectory,delete_child")).toMatchObject({
      rights: new Set(["read", "write", "execute", "append", "delete_child"]),
    });
  });

  it("has no right if none is named", () => {
    expect(parseAceLine(" 0: user:alice allow ")).toMatchObject({ kind: "allow", rights: new Set() });
  });

  it.each([
    ["a kind that ls does not know", " 0: user:alice unknown read"],
    ["a right that chmod(1) does not name", " 0: user:alice allow read,frobnicate"],
    ["a name without a kind, as the oldest chmod(1) shows it", " 1: guest deny read"],
    ["an empty right", " 0: user:alice allow read,,write"],
    ["words after the rights", " 0: user:alice allow read (effective: none)"],
    ["a name that is missing", " 0: user: allow read"],
    ["capitals", " 0: user:alice Allow read"],
  ])("is unread with %s", (_, line) => {
    expect(parseAceLine(line)).toEqual({ unread: line.trim() });
  });

  it("is no line without a number", () => {
    expect(parseAceLine("user:alice allow read")).toBeUndefined();
  });

  it.each([true, false])("is read as it was written, in a directory: %s", (isDirectory) => {
    fc.assert(
      fc.property(ace(isDirectory), (entry) => {
        const line = ` 3: ${formatDarwinAcl([entry], isDirectory)}`;
        expect(parseAceLine(line)).toEqual(entry);
      }),
    );
  });

  it("is never an allow, and nothing is thrown, whatever stands in its place", () => {
    const noise = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^ \d: (user|group|root)?:?[a-z ]* (allow|deny|inherited|ALLOW)? ?[a-z, ]*$/),
    );
    fc.assert(
      fc.property(noise, (line) => {
        const read = parseAceLine(line);
        if (read === undefined || "unread" in read || read.kind === "deny") return;
        // It is an allow only if writing it gives the line again, but for its number and for rights in another order or twice.
        const words = (text: string) => new Set(text.split(/[ ,]/).filter((word) => word !== ""));
        const again = [true, false].map((isDirectory) => words(formatDarwinAcl([read], isDirectory)));
        const given = words(line.replace(/^ +\d+: /, ""));
        expect([...given].every((word) => again.some((text) => text.has(word)))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the argument of chmod +a", () => {
  const entry = (text: string) => parseAceLine(` 0: ${text}`) as DarwinAce;

  it("has the words of directories for directories", () => {
    const all = entry("group:staff inherited allow read,write,execute,append,delete_child,file_inherit");
    expect(formatAce(all, true)).toBe(
      "group:staff allow list,add_file,search,add_subdirectory,delete_child,file_inherit",
    );
  });

  it("has colons around the word after a name with a space", () => {
    expect(formatAce(entry("group:domain users allow read"), false)).toBe("group:domain users:allow:read");
  });
});

describe("a listing of ls", () => {
  it("has the ACL, the flags and the attributes of each entry", () => {
    const listing = [
      "total 8",
      "drwxr-xr-x+ 3 alice  staff  - 96 Jul  9 09:37 /srv/go mod",
      " 0: group:everyone deny delete",
      " 1: user:bob inherited allow list,search,file_inherit,directory_inherit",
      "-rwxr-xr-x@ 1 root  wheel  restricted,compressed 134000 Feb  1  2024 /usr/bin/true",
      "\tcom.apple.quarantine\t    57 ",
      "-rw-r--r--  1 EXAMPLE\\alice  EXAMPLE\\domain users  uchg,hidden 0 Dec 31 23:59 /a\\012b",
      "",
    ].join("\n");
    expect(parseListing(listing, { flags: true })).toMatchObject([
      { name: "/srv/go mod", mode: "drwxr-xr-x", flags: [], acl: [{ kind: "deny" }, { kind: "allow" }] },
      { name: "/usr/bin/true", flags: ["restricted", "compressed"], acl: [], attributes: ["com.apple.quarantine"] },
      { name: "/a\nb", flags: ["uchg", "hidden"] },
    ]);
  });

  it("has a device's two numbers, the time of -T, and a link without its target", () => {
    const listing = [
      "crw-rw-rw-  1 root  wheel  3, 2 Nov 25 19:00:01 2026 /dev/null",
      "brw-r-----  1 root  operator  0x1000005 Nov 25 19:00 /dev/disk1",
      "crw-------  1 root  wheel   14, 0x00000102 Nov 25 19:00 /dev/tty",
      "lrwxr-xr-x  1 root  wheel  11 Oct  5 08:00 /tmp -> private/tmp",
    ].join("\n");
    expect(parseListing(listing, { flags: false }).map((entry) => entry.name)).toEqual([
      "/dev/null",
      "/dev/disk1",
      "/dev/tty",
      "/tmp",
    ]);
  });

  it("names what stands below an entry in an unknown form", () => {
    const listing = "-rw-r--r--+ 1 juser  wheel  0 Apr 28 14:06 file1\n owner: juser\n 1: admin allow write\n";
    expect(parseListing(listing, { flags: false })).toMatchObject([
      { name: "file1", acl: [{ unread: "owner: juser" }, { unread: "1: admin allow write" }] },
    ]);
  });

  it("does not pass over an entry that ls counted and did not show", () => {
    const listing = "-rw-r--r--+ 1 a  staff  0 Apr 28 14:06 /f\n 0: user:a allow read\n 2: user:b allow read\n";
    expect(parseListing(listing, { flags: false })[0]?.acl.map((ace) => "unread" in ace)).toEqual([false, true, false]);
  });

  it("does not take a word for flags that is none", () => {
    const listing = "-rw-r--r--  1 alice  staff  0 Apr 28 14:06 /f\n";
    expect(parseListing(listing, { flags: true })).toMatchObject([{ flags: [], acl: [{ unread: "flags staff" }] }]);
  });

  it("throws nothing and allows nothing, whatever is printed", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "drwxr-xr-x+ 3 alice  staff  - 96 Jul  9 09:37 /srv",
        "drwxr-xr-x+ 3 alice staff 96",
        " 0: group:everyone deny",
        " 0: allow",
        "\t\t",
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const { acl } of parseListing(lines.join("\n"), { flags: true })) {
          for (const entry of acl) if (!("unread" in entry)) expect(lines.join("\n")).toContain(` ${entry.kind} `);
        }
      }),
    );
  });
});
