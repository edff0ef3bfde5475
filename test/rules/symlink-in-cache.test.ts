// What symlink-in-cache fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { symlinkInCache } from "../../src/rules/symlink-in-cache.ts";
import { dir, entry, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("symlink-in-cache", () => {
  test.each([
    ["a source file", seen("example.com/alpha@v1.0.0/a.go", entry("symlink", 0o777))],
    ["a directory of the cache", seen("cache/download/example.com", entry("symlink", 0o777))],
    ["a lock", seen("cache/download/example.com/alpha/@v/v1.0.0.lock", entry("symlink", 0o777))],
  ])("fires: %s", (_, at) => {
    expect(run(symlinkInCache, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["a link to a module, as a view has it", seen("example.com/alpha@v1.0.0", entry("symlink", 0o777))],
    [
      "a link to a zip, as a view has it",
      seen("cache/download/example.com/alpha/@v/v1.0.0.zip", entry("symlink", 0o777)),
    ],
    ["a link in a checkout", seen("cache/vcs/abc/link", entry("symlink", 0o777))],
    ["a file", seen("example.com/alpha@v1.0.0/a.go", file(0o444))],
  ])("is silent: %s", (_, at) => {
    expect(run(symlinkInCache, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(symlinkInCache, [seen("example.com/alpha@v1.0.0/a.go", entry("symlink", 0o777))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 symbolic link in the cache leads to where its permissions do not reach: whoever owns the target decides what go builds"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -type l -exec ls -l {} +",
      ]
    `);
  });
});
