// What partial-extraction fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { partialExtraction } from "../../src/rules/partial-extraction.ts";
import { dir, factsFor, file, record, runModules, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("partial-extraction", () => {
  test.each([
    ["a marker and a half tree", record({ partial: file(0o644, { size: 0 }) })],
    ["a marker alone", record({ partial: file(0o644, { size: 0 }) }, { extracted: undefined })],
  ])("fires: %s", (_, version) => {
    expect(runModules(partialExtraction, [version], facts)?.count).toBe(1);
  });

  test.each([["a complete version", record()]])("is silent: %s", (_, version) => {
    expect(runModules(partialExtraction, [version], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = runModules(partialExtraction, [record({ partial: file(0o644, { size: 0 }) })], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"The extraction of 1 module was cut off (example.com/alpha@v1.0.0): builds fail for every user but alice (1000)"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "(cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
      ]
    `);
  });

  test("may be going on while a go command runs", () => {
    const runningGo = { value: [{ pid: 7, uid: 1000, command: "go build" }] };
    const draft = runModules(partialExtraction, [record({ partial: file(0o644) })], { ...facts, runningGo });
    expect(draft?.severity).toBe("warning");
    expect(draft?.confidence).toBe("likely");
  });
});
