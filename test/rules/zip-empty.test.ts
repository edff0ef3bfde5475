// What zip-empty fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { zipEmpty } from "../../src/rules/zip-empty.ts";
import { dir, factsFor, file, record, runModules, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("zip-empty", () => {
  test.each([
    ["zero bytes", record({ zip: file(0o644, { size: 0 }) })],
    ["zero bytes, not extracted", record({ zip: file(0o644, { size: 0 }) }, { extracted: undefined })],
  ])("fires: %s", (_, version) => {
    expect(runModules(zipEmpty, [version], facts)?.count).toBe(1);
  });

  test.each([
    ["a complete version", record()],
    ["no zip", record({ zip: undefined })],
  ])("is silent: %s", (_, version) => {
    expect(runModules(zipEmpty, [version], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = runModules(zipEmpty, [record({ zip: file(0o644, { size: 0 }) })], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 module zip is empty (example.com/alpha@v1.0.0): go mod verify fails, and so do users of the cache as a proxy"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "rm -f /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
      ]
    `);
  });

  test("builds fail only where the module is not extracted", () => {
    const zip = file(0o644, { size: 0 });
    expect(runModules(zipEmpty, [record({ zip }, { extracted: undefined })], facts)?.message).toContain(
      "cannot extract",
    );
    expect(runModules(zipEmpty, [record({ zip })], facts)?.message).toContain("go mod verify fails");
  });
});
