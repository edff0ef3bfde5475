// What acl-mask-hides-rights fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { aclMaskHidesRights } from "../../src/rules/acl-mask-hides-rights.ts";
import { devsAcl, dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("acl-mask-hides-rights", () => {
  test.each([
    [
      "a directory after chmod 755",
      seen("cache/download/example.com/alpha/@v", dir(0o755, { acl: { ...devsAcl, mask: 5 } })),
    ],
    [
      "a lock after chmod 644",
      seen("cache/download/example.com/alpha/@v/v1.0.0.lock", file(0o644, { acl: { ...devsAcl, mask: 4 } })),
    ],
    [
      "a source file after chmod 404",
      seen("example.com/alpha@v1.0.0/a.go", file(0o404, { acl: { ...devsAcl, mask: 0 } })),
    ],
    [
      "an extracted directory without x for the group",
      seen("example.com/alpha@v1.0.0", dir(0o545, { acl: { ...devsAcl, mask: 4 } })),
    ],
  ])("fires: %s", (_, at) => {
    expect(run(aclMaskHidesRights, [at], facts)?.count).toBe(1);
  });

  test.each([
    [
      "a directory as the default ACL makes it",
      seen("cache/download/example.com/alpha/@v", dir(0o2775, { acl: devsAcl })),
    ],
    [
      "a lock as the default ACL makes it",
      seen("cache/download/example.com/alpha/@v/v1.0.0.lock", file(0o664, { acl: { ...devsAcl, mask: 6 } })),
    ],
    [
      "an extracted directory, from which Go takes w",
      seen("example.com/alpha@v1.0.0", dir(0o555, { acl: { ...devsAcl, mask: 5 } })),
    ],
    ["an extracted file", seen("example.com/alpha@v1.0.0/a.go", file(0o444, { acl: { ...devsAcl, mask: 4 } }))],
    [
      "a zip that was made read-only",
      seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o644, { acl: { ...devsAcl, mask: 4 } })),
    ],
    ["no ACL at all", seen("cache/download/example.com/alpha/@v", dir(0o700))],
  ])("is silent: %s", (_, at) => {
    expect(run(aclMaskHidesRights, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(
      aclMaskHidesRights,
      [seen("cache/download/example.com/alpha/@v", dir(0o755, { acl: { ...devsAcl, mask: 5 } }))],
      facts,
    );
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 entry has an ACL whose mask takes away rights that it grants: its users and groups are refused"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -prune -o -type d -exec setfacl -m m::rwx {} + && find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -prune -o -type f -exec setfacl -m m::rw {} +",
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' ! -type l -exec setfacl -m m::rX {} +",
      ]
    `);
  });

  test("cannot look where ACLs could not be read", () => {
    const acls = { unseen: "getfacl is not installed" };
    expect(aclMaskHidesRights.blocked?.({ ...facts, acls })).toBe("getfacl is not installed");
    expect(aclMaskHidesRights.blocked?.(facts)).toBeUndefined();
  });
});
