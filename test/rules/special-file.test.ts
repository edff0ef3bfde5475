// What special-file fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { specialFile } from "../../src/rules/special-file.ts";
import { dir, entry, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("special-file", () => {
  test.each([
    ["a FIFO in a module", seen("example.com/alpha@v1.0.0/f", entry("fifo", 0o644))],
    ["a socket", seen("cache/sock", entry("socket", 0o755))],
    ["a device", seen("cache/null", entry("character", 0o666))],
    ["a disk", seen("cache/sda", entry("block", 0o660))],
  ])("fires: %s", (_, at) => {
    expect(run(specialFile, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["a file", seen("example.com/alpha@v1.0.0/a.go", file(0o444))],
    ["a directory", seen("example.com/alpha@v1.0.0", dir(0o555))],
    ["a link", seen("example.com/alpha@v1.0.0/b.go", entry("symlink", 0o777))],
  ])("is silent: %s", (_, at) => {
    expect(run(specialFile, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(specialFile, [seen("example.com/alpha@v1.0.0/f", entry("fifo", 0o644))], facts);
    expect(draft?.message).toMatchInlineSnapshot(`"1 entry of the cache is neither file nor directory (FIFO)"`);
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev ! -type f ! -type d ! -type l -exec rm -f {} +",
      ]
    `);
  });
});
