// What extracted-source-writable fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { extractedSourceWritable } from "../../src/rules/extracted-source-writable.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("extracted-source-writable", () => {
  test.each([
    ["0644 after chmod -R", seen("example.com/alpha@v1.0.0/a.go", file(0o644))],
    ["0464 of an fsGroup", seen("example.com/alpha@v1.0.0/a.go", file(0o464, { gid: 3000 }))],
    ["a program of a toolchain", seen("golang.org/toolchain@v0.0.1-go1.26.0.linux-amd64/bin/go", file(0o755))],
  ])("fires: %s", (_, at) => {
    expect(run(extractedSourceWritable, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["0444", seen("example.com/alpha@v1.0.0/a.go", file(0o444))],
    ["0400", seen("example.com/alpha@v1.0.0/a.go", file(0o400))],
    ["a directory", seen("example.com/alpha@v1.0.0", dir(0o755))],
    ["a zip", seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o644))],
  ])("is silent: %s", (_, at) => {
    expect(run(extractedSourceWritable, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(extractedSourceWritable, [seen("example.com/alpha@v1.0.0/a.go", file(0o644))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 extracted file can be written: an edit goes into every build without an error"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -type f \\( -perm -200 -o -perm -020 -o -perm -002 \\) -exec chmod a-w {} +",
        "go mod verify",
      ]
    `);
  });
});
