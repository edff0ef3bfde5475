// What ziphash-torn fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { ziphashTorn } from "../../src/rules/ziphash-torn.ts";
import { dir, factsFor, file, record, runModules, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("ziphash-torn", () => {
  test.each([
    ["cut off", record({}, { ziphashText: "h1:abc" })],
    ["NULs", record({}, { ziphashText: "\0".repeat(47) })],
    ["HTML", record({}, { ziphashText: "<html>" })],
  ])("fires: %s", (_, version) => {
    expect(runModules(ziphashTorn, [version], facts)?.count).toBe(1);
  });

  test.each([
    ["a complete version", record()],
    ["a final newline, which Go trims", record({}, { ziphashText: `h1:${"A".repeat(43)}=\n` })],
    ["empty, which has its own rule", record({ ziphash: file(0o644, { size: 0 }) }, { ziphashText: "" })],
  ])("is silent: %s", (_, version) => {
    expect(runModules(ziphashTorn, [version], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = runModules(ziphashTorn, [record({}, { ziphashText: "h1:abc" })], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 ziphash file holds no hash (example.com/alpha@v1.0.0): builds fail for all who may not write it, and go mod verify for everybody"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "rm -f /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.ziphash && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
      ]
    `);
  });

  test("a text that could not be read is not judged", () => {
    const { ziphashText: _, ...unread } = record();
    expect(runModules(ziphashTorn, [unread], facts)).toBeUndefined();
  });
});
