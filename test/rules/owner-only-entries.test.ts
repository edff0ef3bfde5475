// What owner-only-entries fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { ownerOnlyEntries } from "../../src/rules/owner-only-entries.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1000), dir(0o755));

describe("owner-only-entries", () => {
  test.each([
    ["a module directory of Go 1.15", seen("example.com/alpha@v1.0.0", dir(0o500))],
    ["a source file made with umask 077", seen("example.com/alpha@v1.0.0/a.go", file(0o400))],
    ["a version directory made with umask 077", seen("cache/download/example.com/alpha/@v", dir(0o700))],
    ["a file that only the group may read", seen("cache/download/example.com/alpha/@v/v1.0.0.mod", file(0o640))],
  ])("fires: %s", (_, at) => {
    expect(run(ownerOnlyEntries, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["open entries", seen("example.com/alpha@v1.0.0", dir(0o555))],
    ["a version directory that can only be entered", seen("cache/download/example.com/alpha/@v", dir(0o711))],
    ["a lock", seen("cache/download/example.com/alpha/@v/v1.0.0.lock", file(0o600))],
    ["the root itself", seen("", dir(0o700))],
  ])("is silent: %s", (_, at) => {
    expect(run(ownerOnlyEntries, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(ownerOnlyEntries, [seen("example.com/alpha@v1.0.0", dir(0o500))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 entry can be read only by the owner alice (1000), although the cache is open: go fails for other users"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev ! -type l \\( ! -perm -004 -o -type d ! -perm -001 \\) -exec chmod go+rX {} +",
      ]
    `);
  });

  test("leaves to entry-not-readable-by-subject what hurts the subject", () => {
    const at = seen("example.com/alpha@v1.0.0/a.go", file(0o400));
    expect(run(ownerOnlyEntries, [at], factsFor(subject(1002), dir(0o755)))).toBeUndefined();
  });

  test("follows the root: a closed cache owes nobody anything, a group cache only its group", () => {
    const at = seen("example.com/alpha@v1.0.0/a.go", file(0o400));
    expect(run(ownerOnlyEntries, [at], factsFor(subject(1000), dir(0o700)))).toBeUndefined();
    const draft = run(ownerOnlyEntries, [at], factsFor(subject(1000), dir(0o2770, { gid: 3000 })));
    expect(draft?.subject).toBe("members of group devs (3000)");
    expect(draft?.fixes[0]?.command).toContain("g+rX");
    const forGroup = seen("example.com/alpha@v1.0.0/a.go", file(0o440));
    expect(run(ownerOnlyEntries, [forGroup], factsFor(subject(1000), dir(0o2770, { gid: 3000 })))).toBeUndefined();
  });
});
