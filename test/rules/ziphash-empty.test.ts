// What ziphash-empty fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { ziphashEmpty } from "../../src/rules/ziphash-empty.ts";
import { dir, factsFor, file, record, runModules, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("ziphash-empty", () => {
  test.each([["zero bytes", record({ ziphash: file(0o644, { size: 0 }) }, { ziphashText: "" })]])(
    "fires: %s",
    (_, version) => {
      expect(runModules(ziphashEmpty, [version], facts)?.count).toBe(1);
    },
  );

  test.each([
    ["a complete version", record()],
    ["no ziphash", record({ ziphash: undefined })],
    ["a torn one", record({}, { ziphashText: "h1:" })],
  ])("is silent: %s", (_, version) => {
    expect(runModules(ziphashEmpty, [version], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = runModules(ziphashEmpty, [record({ ziphash: file(0o644, { size: 0 }) }, { ziphashText: "" })], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 ziphash file is empty (example.com/alpha@v1.0.0): builds fail for all who may not write it, and go mod verify for everybody"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "(cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
      ]
    `);
  });

  test("names escaped paths, and as many modules as there are", () => {
    const damaged = (version: string) =>
      record({ ziphash: file(0o644, { size: 0 }) }, { module: "github.com/Azure/x", version });
    const versions = Array.from({ length: 1200 }, (_, index) => damaged(`v1.0.${index}-RC`));
    const draft = runModules(ziphashEmpty, versions, facts);
    expect(draft?.message).toContain("1,200 ziphash files are empty (github.com/Azure/x@v1.0.0-RC and 1,199 more)");
    expect(draft?.paths[0]?.path).toContain("/v1.0.0-!r!c.ziphash");
    expect(draft?.fixes[0]?.title).toBe("Let go write them again (the first 5 of 1,200)");
  });

  test("says that it hurts the others if the subject can repair it", () => {
    const owner = factsFor(subject(1000), dir(0o755));
    const draft = runModules(ziphashEmpty, [record({ ziphash: file(0o644, { size: 0 }) })], owner);
    expect(draft?.subject).toBe("every user but alice (1000)");
  });
});
