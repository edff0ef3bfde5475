// What world-writable-after-clean fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { worldWritableAfterClean } from "../../src/rules/world-writable-after-clean.ts";
import { dir, factsFor, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("world-writable-after-clean", () => {
  test.each([
    ["a module directory 0777", seen("example.com/alpha@v1.0.0", dir(0o777))],
    ["a directory in a module 0777", seen("example.com/alpha@v1.0.0/internal", dir(0o777))],
  ])("fires: %s", (_, at) => {
    expect(run(worldWritableAfterClean, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["0555 as Go leaves it", seen("example.com/alpha@v1.0.0", dir(0o555))],
    ["0755 of -modcacherw", seen("example.com/alpha@v1.0.0", dir(0o755))],
    ["2777, which no clean makes", seen("example.com/alpha@v1.0.0", dir(0o2777))],
    ["a directory outside of modules", seen("example.com", dir(0o777))],
  ])("is silent: %s", (_, at) => {
    expect(run(worldWritableAfterClean, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(worldWritableAfterClean, [seen("example.com/alpha@v1.0.0", dir(0o777))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 extracted directory can be written by every user: anybody can put code into other users' builds"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -type d -perm -002 -exec chmod a-w {} +",
      ]
    `);
  });
});
