// What ziphash-missing fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { ziphashMissing } from "../../src/rules/ziphash-missing.ts";
import { dir, factsFor, file, record, runModules, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("ziphash-missing", () => {
  test.each([["zip and tree without ziphash", record({ ziphash: undefined })]])("fires: %s", (_, version) => {
    expect(runModules(ziphashMissing, [version], facts)?.count).toBe(1);
  });

  test.each([
    ["a complete version", record()],
    ["no zip either, which has its own rule", record({ ziphash: undefined, zip: undefined })],
    ["not extracted yet", record({ ziphash: undefined }, { extracted: undefined })],
    ["in the middle of an extraction", record({ ziphash: undefined, partial: file(0o644, { size: 0 }) })],
  ])("is silent: %s", (_, version) => {
    expect(runModules(ziphashMissing, [version], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = runModules(ziphashMissing, [record({ ziphash: undefined })], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 extracted module has no ziphash (example.com/alpha@v1.0.0): builds fail for all who may not write the cache, and go mod verify for everybody"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "(cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
      ]
    `);
  });
});
