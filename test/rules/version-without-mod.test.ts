// What version-without-mod fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { versionWithoutMod } from "../../src/rules/version-without-mod.ts";
import { dir, factsFor, record, runModules, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("version-without-mod", () => {
  test.each([
    ["no .mod", record({ mod: undefined })],
    ["no .info", record({ info: undefined })],
  ])("fires: %s", (_, version) => {
    expect(runModules(versionWithoutMod, [version], facts)?.count).toBe(1);
  });

  test.each([
    ["a complete version", record()],
    [
      "a toolchain, which needs neither",
      record({ mod: undefined, info: undefined }, { module: "golang.org/toolchain" }),
    ],
    ["only known, not fetched", record({ ziphash: undefined, info: undefined })],
  ])("is silent: %s", (_, version) => {
    expect(runModules(versionWithoutMod, [version], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = runModules(versionWithoutMod, [record({ mod: undefined })], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 cached module has no .mod (example.com/alpha@v1.0.0): without network all go commands that need it fail"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "(cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
      ]
    `);
  });

  test("a missing .info does not stop builds", () => {
    expect(runModules(versionWithoutMod, [record({ info: undefined })], facts)?.message).toContain(
      "go mod download and go list -m all fail",
    );
  });
});
