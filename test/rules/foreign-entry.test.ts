// What foreign-entry fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { foreignEntry } from "../../src/rules/foreign-entry.ts";
import { dir, entry, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("foreign-entry", () => {
  test.each([
    ["a file in the root", seen("notes.txt", file(0o644))],
    ["a directory in cache", seen("cache/backup", dir(0o755))],
    ["an odd file in @v", seen("cache/download/example.com/alpha/@v/v1.0.0.zip.bak", file(0o644))],
  ])("fires: %s", (_, at) => {
    expect(run(foreignEntry, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["lost+found of a file system", seen("lost+found/x", file(0o600))],
    ["a cache tag", seen("CACHEDIR.TAG", file(0o644))],
    ["NFS's deleted file", seen("cache/download/example.com/alpha/@v/.nfs000000000123", file(0o644))],
    ["a link, which has its own rule", seen("link", entry("symlink", 0o777))],
    ["Go's files", seen("cache/download/example.com/alpha/@v/list", file(0o644))],
  ])("is silent: %s", (_, at) => {
    expect(run(foreignEntry, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(foreignEntry, [seen("notes.txt", file(0o644))], facts);
    expect(draft?.message).toMatchInlineSnapshot(`"1 entry of the cache is nothing that Go puts there"`);
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`[]`);
  });
});
