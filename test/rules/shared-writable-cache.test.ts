// What shared-writable-cache fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { sharedWritableCache } from "../../src/rules/shared-writable-cache.ts";
import { devsAcl, dir, factsFor, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("shared-writable-cache", () => {
  test.each([
    ["a directory of a group", seen("cache", dir(0o2775, { gid: 3000 }))],
    ["the root, for everybody", seen("", dir(0o777))],
    [
      "an ACL for a group",
      seen("cache/download/example.com/alpha/@v", dir(0o775, { acl: devsAcl, defaultAcl: devsAcl })),
    ],
    [
      "an ACL for one more user",
      seen(
        "cache/download/example.com/alpha/@v",
        dir(0o775, { acl: { owner: 7, users: new Map([[1001, 7]]), group: 5, groups: new Map(), mask: 7, other: 5 } }),
      ),
    ],
  ])("fires: %s", (_, at) => {
    expect(run(sharedWritableCache, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["0755", seen("cache", dir(0o755))],
    ["0775 with the user's private group", seen("cache", dir(0o775))],
    [
      "an ACL that only lets read",
      seen("cache/download/example.com/alpha/@v", dir(0o755, { acl: { ...devsAcl, mask: 5 } })),
    ],
    [
      "an ACL for the owner",
      seen(
        "cache/download/example.com/alpha/@v",
        dir(0o775, { acl: { owner: 7, users: new Map([[1000, 7]]), group: 5, groups: new Map(), mask: 7, other: 5 } }),
      ),
    ],
    ["an extracted directory, which has its own rule", seen("example.com/alpha@v1.0.0", dir(0o2775, { gid: 3000 }))],
  ])("is silent: %s", (_, at) => {
    expect(run(sharedWritableCache, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(sharedWritableCache, [seen("cache", dir(0o2775, { gid: 3000 }))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 directory of the cache can be written by group devs (3000) besides the owner: each writer can run code as every user of the cache"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "export GOMODCACHE="$HOME/go/pkg/mod" && go env -w GOPROXY=file:///srv/go/mod/cache/download'|'"$(go env GOPROXY)"",
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -prune -o -type d \\( -perm -020 -o -perm -002 \\) -exec chmod go-w {} +",
      ]
    `);
  });

  test("takes default ACLs away too, or the next module is shared again", () => {
    const at = seen("cache", dir(0o775, { acl: devsAcl, defaultAcl: devsAcl }));
    const draft = run(sharedWritableCache, [at], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 directory of the cache can be written by group devs (3000) besides the owner: each writer can run code as every user of the cache"`,
    );
    expect(draft?.fixes[1]?.command).toContain("setfacl -k");
  });
});
