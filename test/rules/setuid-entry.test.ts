// What setuid-entry fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { setuidEntry } from "../../src/rules/setuid-entry.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("setuid-entry", () => {
  test.each([
    ["a setuid program", seen("example.com/alpha@v1.0.0/run", file(0o4555))],
    ["a setgid program", seen("example.com/alpha@v1.0.0/run", file(0o2555))],
    ["setuid without x", seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o4644))],
  ])("fires: %s", (_, at) => {
    expect(run(setuidEntry, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["a setgid directory", seen("cache/download/example.com/alpha/@v", dir(0o2775))],
    ["2644 of chmod -R g+s", seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o2644))],
    ["an ordinary file", seen("example.com/alpha@v1.0.0/a.go", file(0o444))],
  ])("is silent: %s", (_, at) => {
    expect(run(setuidEntry, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(setuidEntry, [seen("example.com/alpha@v1.0.0/run", file(0o4555))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 file in the cache runs with the rights of the owner or group (alice (1000)), whoever starts it"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -type f \\( -perm -4000 -o -perm -2010 \\) -exec chmod u-s,g-s {} +",
      ]
    `);
  });
});
