// What extracted-directory-writable fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { extractedDirectoryWritable } from "../../src/rules/extracted-directory-writable.ts";
import { devsAcl, dir, factsFor, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("extracted-directory-writable", () => {
  test.each([
    ["2775 of an fsGroup", seen("example.com/alpha@v1.0.0", dir(0o2775, { gid: 3000 }))],
    ["0775 of another group", seen("example.com/alpha@v1.0.0/internal", dir(0o775, { gid: 3000 }))],
    ["0757", seen("example.com/alpha@v1.0.0", dir(0o757))],
    ["an ACL", seen("example.com/alpha@v1.0.0", dir(0o775, { acl: devsAcl }))],
  ])("fires: %s", (_, at) => {
    expect(run(extractedDirectoryWritable, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["0555", seen("example.com/alpha@v1.0.0", dir(0o555))],
    ["0755", seen("example.com/alpha@v1.0.0", dir(0o755))],
    ["0777, which a clean leaves", seen("example.com/alpha@v1.0.0", dir(0o777))],
    ["0775 with the user's private group", seen("example.com/alpha@v1.0.0", dir(0o775))],
    [
      "an ACL under the mask of a read-only directory",
      seen("example.com/alpha@v1.0.0", dir(0o555, { acl: { ...devsAcl, mask: 5 } })),
    ],
  ])("is silent: %s", (_, at) => {
    expect(run(extractedDirectoryWritable, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(
      extractedDirectoryWritable,
      [seen("example.com/alpha@v1.0.0", dir(0o2775, { gid: 3000 }))],
      facts,
    );
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 extracted directory can be written by group devs (3000) besides the owner: each writer can replace source files that others build"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -type d \\( -perm -020 -o -perm -002 \\) -exec chmod a-w {} +",
      ]
    `);
  });
});
