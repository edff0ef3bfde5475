// What setgid-without-acl fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { setgidWithoutAcl } from "../../src/rules/setgid-without-acl.ts";
import { devsAcl, dir, factsFor, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("setgid-without-acl", () => {
  test.each([
    [
      "2755 in 2775",
      seen("cache/download/example.com/alpha/@v", dir(0o2755, { gid: 3000 }), dir(0o2775, { gid: 3000 })),
    ],
    ["2700 in 2775", seen("example.com", dir(0o2700, { gid: 3000 }), dir(0o2775, { gid: 3000 }))],
  ])("fires: %s", (_, at) => {
    expect(run(setgidWithoutAcl, [at], facts)?.count).toBe(1);
  });

  test.each([
    [
      "2775 in 2775",
      seen("cache/download/example.com/alpha/@v", dir(0o2775, { gid: 3000 }), dir(0o2775, { gid: 3000 })),
    ],
    [
      "2755 in 2755, which was closed before",
      seen("cache/download/example.com/alpha/@v", dir(0o2755, { gid: 3000 }), dir(0o2755, { gid: 3000 })),
    ],
    [
      "a default ACL above",
      seen(
        "cache/download/example.com/alpha/@v",
        dir(0o2755, { gid: 3000 }),
        dir(0o2775, { gid: 3000, acl: devsAcl, defaultAcl: devsAcl }),
      ),
    ],
    [
      "an extracted directory",
      seen("example.com/alpha@v1.0.0", dir(0o2555, { gid: 3000 }), dir(0o2775, { gid: 3000 })),
    ],
  ])("is silent: %s", (_, at) => {
    expect(run(setgidWithoutAcl, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(
      setgidWithoutAcl,
      [seen("cache/download/example.com/alpha/@v", dir(0o2755, { gid: 3000 }), dir(0o2775, { gid: 3000 }))],
      facts,
    );
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 directory in directories of group devs (3000) cannot be written by the group: its members cannot add modules there"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -prune -o -type d -exec setfacl -m g:3000:rwx,d:u::rwx,d:g::rwx,d:g:3000:rwx {} + -o -type f \\( -name '*.lock' -o -name '*.ziphash' -o -name list \\) -exec setfacl -m g:3000:rw {} +",
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -prune -o -type d -group 3000 ! -perm -2020 -exec chmod g+ws {} + && umask 002",
      ]
    `);
  });
});
