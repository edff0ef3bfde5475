// What hard-linked-file fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { hardLinkedFile } from "../../src/rules/hard-linked-file.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("hard-linked-file", () => {
  test.each([
    ["a zip with two names", seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o644, { links: 2 }))],
    ["a source file with three names", seen("example.com/alpha@v1.0.0/a.go", file(0o444, { links: 3 }))],
  ])("fires: %s", (_, at) => {
    expect(run(hardLinkedFile, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["a file with one name", seen("example.com/alpha@v1.0.0/a.go", file(0o444))],
    ["a directory", seen("example.com/alpha@v1.0.0", dir(0o555, { links: 5 }))],
    ["an object of git", seen("cache/vcs/abc/objects/12/34", file(0o444, { links: 2 }))],
  ])("is silent: %s", (_, at) => {
    expect(run(hardLinkedFile, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(
      hardLinkedFile,
      [seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o644, { links: 2 }))],
      facts,
    );
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 file has a second name: a change of owner, mode or content here changes that name too"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -type f -links +1 -exec ls -li {} +",
        "find /srv/go/mod -xdev -type f -links +1 -exec sh -c 'for f do cp -p -- "$f" "$f.copy" && mv -f -- "$f.copy" "$f"; done' sh {} +",
      ]
    `);
  });
});
