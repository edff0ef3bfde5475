// What mixed-owners fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { mixedOwners } from "../../src/rules/mixed-owners.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1000), dir(0o755));

describe("mixed-owners", () => {
  test.each([
    ["a directory that sudo go made", seen("cache/download/example.com/alpha/@v", dir(0o755, { uid: 0, gid: 0 }))],
    ["a source file of root", seen("example.com/alpha@v1.0.0/a.go", file(0o444, { uid: 0, gid: 0 }))],
    ["a zip of another user", seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o644, { uid: 1001 }))],
  ])("fires: %s", (_, at) => {
    expect(run(mixedOwners, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["an entry of the owner", seen("cache/download/example.com/alpha/@v", dir(0o755))],
    ["cache/vcs, which has a rule of its own", seen("cache/vcs/abc", dir(0o755, { uid: 0, gid: 0 }))],
  ])("is silent: %s", (_, at) => {
    expect(run(mixedOwners, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(
      mixedOwners,
      [seen("cache/download/example.com/alpha/@v", dir(0o755, { uid: 0, gid: 0 }))],
      facts,
    );
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 entry of the cache belongs to root (0), but the cache itself to alice (1000)"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev ! -user 1000 -exec chown -h 1000 {} +",
      ]
    `);
  });

  test("a cache that a group shares has several owners by design", () => {
    const at = seen("cache", dir(0o2775, { uid: 1001, gid: 3000 }));
    expect(run(mixedOwners, [at], factsFor(subject(1000), dir(0o2775, { gid: 3000 })))).toBeUndefined();
  });

  test("root's mount point around a user's cache: the directory is given away, not the cache", () => {
    const draft = run(
      mixedOwners,
      [seen("cache", dir(0o755))],
      factsFor(subject(1000), dir(0o755, { uid: 0, gid: 0 })),
    );
    expect(draft?.fixes).toMatchInlineSnapshot(`
      [
        {
          "command": "chown 1000 /srv/go/mod",
          "disposition": "unsafe",
          "title": "Give the cache's directory to alice (1000), who owns what is in it",
        },
      ]
    `);
  });

  test("owners outside of the user namespace are told by overflow-owner", () => {
    const uidMap = [{ inside: 0, outside: 100_000, count: 65_534 }];
    const at = seen("cache", dir(0o755, { uid: 65_534 }));
    expect(run(mixedOwners, [at], { ...facts, self: { ...facts.self, uidMap } })).toBeUndefined();
    expect(run(mixedOwners, [at], facts)?.count).toBe(1);
  });
});
