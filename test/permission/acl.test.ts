import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Acl,
  formatAcl,
  formatPermissions,
  isExtended,
  parseAclText,
  parseGetfacl,
} from "../../src/permission/acl.ts";

const printed = `# file: /cache/a\\040b
# owner: 0
# group: 3000
# flags: -s-
user::rwx
user:1000:rwx\t\t#effective:r-x
group::r-x
mask::r-x
other::---
default:user::rwx
default:group::r-x
default:other::r-x

# file: /cache/plain
# owner: 0
# group: 0
user::rw-
group::r--
other::r--

`;

it("reads what getfacl prints, and leaves out entries whose mode says it all", () => {
  const acls = parseGetfacl(printed);
  expect([...acls.keys()]).toEqual(["/cache/a b"]);
  const found = acls.get("/cache/a b");
  expect(found?.acl && formatAcl(found.acl)).toBe("u::rwx,u:1000:rwx,g::r-x,m::r-x,o::---");
  expect(found?.defaultAcl && formatAcl(found.defaultAcl)).toBe("u::rwx,g::r-x,o::r-x");
});

it("survives any text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseGetfacl(`# file: /x\nuser::rwx\n${text}\ngroup::r-x\nother::r-x\n`);
    }),
  );
});

const bits = fc.nat(7);
const named = fc
  .array(fc.tuple(fc.nat(4294967294), bits), { maxLength: 4 })
  .map((entries): ReadonlyMap<number, number> => new Map(entries));
const anyAcl: fc.Arbitrary<Acl> = fc
  .record({ owner: bits, users: named, group: bits, groups: named, mask: bits, other: bits })
  .map(({ mask, ...acl }) => (acl.users.size + acl.groups.size > 0 ? { ...acl, mask } : acl));

/** The list as getfacl prints it, with the remarks that it makes where the mask takes something away. */
function asGetfacl(acl: Acl, prefix = ""): string {
  const line = (tag: string, id: number | "", permissions: number, masked: boolean): string => {
    const left = masked && acl.mask !== undefined ? permissions & acl.mask : permissions;
    const remark = left === permissions ? "" : `\t#effective:${formatPermissions(left)}`;
    return `${prefix}${tag}:${id}:${formatPermissions(permissions)}${remark}\n`;
  };
  return [
    line("user", "", acl.owner, false),
    ...[...acl.users].map(([id, permissions]) => line("user", id, permissions, true)),
    line("group", "", acl.group, true),
    ...[...acl.groups].map(([id, permissions]) => line("group", id, permissions, true)),
    acl.mask === undefined ? "" : line("mask", "", acl.mask, false),
    line("other", "", acl.other, false),
  ].join("");
}

it("reads what getfacl would print of any ACLs", () => {
  fc.assert(
    fc.property(anyAcl, fc.option(anyAcl, { nil: undefined }), (acl, defaultAcl) => {
      const unread: string[] = [];
      const text = `# file: /x\n# owner: 0\n${asGetfacl(acl)}${defaultAcl === undefined ? "" : asGetfacl(defaultAcl, "default:")}\n`;
      const found = parseGetfacl(text, unread).get("/x");
      expect(unread).toEqual([]);
      expect(found?.acl).toEqual(isExtended(acl) ? acl : undefined);
      expect(found?.defaultAcl).toEqual(defaultAcl);
    }),
  );
});

it("reads what formatAcl writes", () => {
  fc.assert(fc.property(anyAcl, (acl) => void expect(parseAclText(formatAcl(acl))).toEqual(acl)));
});

it.each([
  "user:alice:rwx",
  "user:1:rwxs",
  "user:1:rwx extra",
  "mask:1:rwx",
  "owner@:rwx::allow",
  "group:3000",
  "user:1:RWX",
])("does not guess, and does not pass over in silence: %s", (line) => {
  const unread: string[] = [];
  const text = (more: string) => `# file: /x\nuser::rwx\nuser:7:r--\n${more}group::r-x\nmask::rwx\nother::---\n`;
  const found = parseGetfacl(text(`${line}\n`), unread).get("/x");
  expect(unread).toEqual([line]);
  expect(found).toEqual(parseGetfacl(text("")).get("/x"));
});
