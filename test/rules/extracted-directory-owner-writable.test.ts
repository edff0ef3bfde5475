// What extracted-directory-owner-writable fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { extractedDirectoryOwnerWritable } from "../../src/rules/extracted-directory-owner-writable.ts";
import { dir, factsFor, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("extracted-directory-owner-writable", () => {
  test.each([
    ["0755 of -modcacherw", seen("example.com/alpha@v1.0.0", dir(0o755))],
    ["0700", seen("example.com/alpha@v1.0.0/internal", dir(0o700))],
    ["0775 with the user's private group", seen("example.com/alpha@v1.0.0", dir(0o775))],
  ])("fires: %s", (_, at) => {
    expect(run(extractedDirectoryOwnerWritable, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["0555", seen("example.com/alpha@v1.0.0", dir(0o555))],
    ["2775 of a group, which is worse", seen("example.com/alpha@v1.0.0", dir(0o2775, { gid: 3000 }))],
    ["0777, which is worse", seen("example.com/alpha@v1.0.0", dir(0o777))],
    ["a directory outside of modules", seen("cache/download/example.com/alpha/@v", dir(0o755))],
  ])("is silent: %s", (_, at) => {
    expect(run(extractedDirectoryOwnerWritable, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(extractedDirectoryOwnerWritable, [seen("example.com/alpha@v1.0.0", dir(0o755))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 extracted directory can be written by the owner: files in the cache can be added or replaced by accident"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -type d -perm -200 -exec chmod a-w {} +",
        "go clean -modcache",
      ]
    `);
  });
});
