// What extracted-without-record fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { extractedWithoutRecord } from "../../src/rules/extracted-without-record.ts";
import { dir, factsFor, record, runModules, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("extracted-without-record", () => {
  test.each([
    ["a tree alone", record({ info: undefined, mod: undefined, zip: undefined, ziphash: undefined, lock: undefined })],
    ["a tree with .mod and .info", record({ zip: undefined, ziphash: undefined })],
  ])("fires: %s", (_, version) => {
    expect(runModules(extractedWithoutRecord, [version], facts)?.count).toBe(1);
  });

  test.each([
    ["a complete version", record()],
    ["a zip is left", record({ ziphash: undefined })],
    ["a ziphash is left: the zip is not needed", record({ zip: undefined })],
    [
      "not extracted",
      record(
        { info: undefined, mod: undefined, zip: undefined, ziphash: undefined, lock: undefined },
        { extracted: undefined },
      ),
    ],
  ])("is silent: %s", (_, version) => {
    expect(runModules(extractedWithoutRecord, [version], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = runModules(
      extractedWithoutRecord,
      [record({ info: undefined, mod: undefined, zip: undefined, ziphash: undefined, lock: undefined })],
      facts,
    );
    expect(draft?.message).toMatchInlineSnapshot(
      `"The cache is half deleted: 1 extracted module has lost all of cache/download (example.com/alpha@v1.0.0), so go fetches again or fails for all who may not write"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "(cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
        "go mod verify",
      ]
    `);
  });

  test("tells a half deleted cache from zips that somebody deleted", () => {
    const cleaned = runModules(
      extractedWithoutRecord,
      [record({ info: undefined, mod: undefined, zip: undefined, ziphash: undefined, lock: undefined })],
      facts,
    );
    expect(cleaned?.message).toContain("half deleted");
    const pruned = runModules(extractedWithoutRecord, [record({ zip: undefined, ziphash: undefined })], facts);
    expect(pruned?.message).not.toContain("half deleted");
    expect(pruned?.why).toContain("to save space");
  });
});
