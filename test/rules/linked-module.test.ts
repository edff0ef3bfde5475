// What linked-module fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { linkedModule } from "../../src/rules/linked-module.ts";
import { dir, entry, factsFor, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("linked-module", () => {
  test.each([
    ["a module directory", seen("example.com/alpha@v1.0.0", entry("symlink", 0o777))],
    ["a module in a deeper path", seen("github.com/!azure/go/v2@v2.0.1", entry("symlink", 0o777))],
  ])("fires: %s", (_, at) => {
    expect(run(linkedModule, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["a link in a module", seen("example.com/alpha@v1.0.0/a.go", entry("symlink", 0o777))],
    ["a link in cache/download", seen("cache/download/example.com/alpha/@v", entry("symlink", 0o777))],
    ["a link to a zip", seen("cache/download/example.com/alpha/@v/v1.0.0.zip", entry("symlink", 0o777))],
    ["a real module", seen("example.com/alpha@v1.0.0", dir(0o555))],
  ])("is silent: %s", (_, at) => {
    expect(run(linkedModule, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(linkedModule, [seen("example.com/alpha@v1.0.0", entry("symlink", 0o777))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 module is a symbolic link into another cache: go builds with them, but go mod verify fails"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -type l -path '/srv/go/mod/*[!/]@v*' -exec ls -l {} +",
      ]
    `);
  });
});
