import fc from "fast-check";
import { expect, it } from "vitest";
import { formatAcl, parseGetfacl } from "../../src/permission/acl.ts";

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
