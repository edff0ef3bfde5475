// What entry-not-readable-by-subject fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { entryNotReadableBySubject } from "../../src/rules/entry-not-readable-by-subject.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("entry-not-readable-by-subject", () => {
  test.each([
    ["a source file made with umask 077", seen("example.com/alpha@v1.0.0/a.go", file(0o400))],
    ["an extracted directory of Go 1.15", seen("example.com/alpha@v1.0.0", dir(0o500))],
    ["a version directory that cannot be entered", seen("cache/download/example.com/alpha/@v", dir(0o700))],
    ["a ziphash of root", seen("cache/download/example.com/alpha/@v/v1.0.0.ziphash", file(0o600, { uid: 0, gid: 0 }))],
    [
      "an ACL that shuts the user out by name",
      seen(
        "example.com/alpha@v1.0.0/a.go",
        file(0o444, { acl: { owner: 4, users: new Map([[1002, 0]]), group: 4, groups: new Map(), mask: 4, other: 4 } }),
      ),
    ],
    ["the root, if a directory above is closed", seen("", dir(0o755), dir(0o755), false)],
  ])("fires: %s", (_, at) => {
    expect(run(entryNotReadableBySubject, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["what everybody may read", seen("example.com/alpha@v1.0.0/a.go", file(0o444))],
    ["a version directory that can be entered and not listed", seen("cache/download/example.com/alpha/@v", dir(0o711))],
    ["a lock, which is only written", seen("cache/download/example.com/alpha/@v/v1.0.0.lock", file(0o600))],
    ["a list, which is only written", seen("cache/download/example.com/alpha/@v/list", file(0o600))],
    ["what lies below a closed directory", seen("example.com/alpha@v1.0.0/a.go", file(0o400), dir(0o755), false)],
    ["what the user owns", seen("example.com/alpha@v1.0.0/a.go", file(0o400, { uid: 1002 }))],
  ])("is silent: %s", (_, at) => {
    expect(run(entryNotReadableBySubject, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(entryNotReadableBySubject, [seen("example.com/alpha@v1.0.0/a.go", file(0o400))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"carol (1002) cannot read 1 entry of the cache (owner: alice (1000))"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev ! -type l \\( ! -perm -004 -o -type d ! -perm -001 \\) -exec chmod go+rX {} +",
      ]
    `);
  });

  test("names the directory above that does not let the user through", () => {
    const draft = run(entryNotReadableBySubject, [seen("", dir(0o755), dir(0o755), false)], facts);
    expect(draft?.message).toMatchInlineSnapshot(`"carol (1002) cannot reach the cache: /srv does not let it through"`);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "export GOMODCACHE="$HOME/go/pkg/mod"",
        "setfacl -m u:1002:x /srv",
      ]
    `);
  });

  test.each([
    ["a private cache: an own one first", subject(1002), dir(0o700)],
    ["the user's cache with files of root", subject(1000), dir(0o755)],
    ["a cache of the user's group", subject(1001, { groups: [1000] }), dir(0o750)],
    ["the user's own file", subject(0, { capabilities: new Set() }), dir(0o755)],
  ])("the fix fits the case: %s", (_, who, root) => {
    const at = seen(`example.com/alpha@v1.0.0/a.go`, file(0o000, { uid: root.mode === 0o750 ? 1000 : 0 }));
    const draft = run(entryNotReadableBySubject, [at], factsFor(who, root));
    expect(draft?.fixes[0]).toMatchSnapshot();
  });

  test("nothing is unreadable for root, unless it lost its capabilities", () => {
    const at = seen("example.com/alpha@v1.0.0/a.go", file(0o400));
    expect(run(entryNotReadableBySubject, [at], factsFor(subject(0), dir(0o755)))).toBeUndefined();
    const bare = subject(0, { capabilities: new Set() });
    expect(run(entryNotReadableBySubject, [at], factsFor(bare, dir(0o755)))?.count).toBe(1);
  });
});
