// What info-file-empty fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { infoFileEmpty } from "../../src/rules/info-file-empty.ts";
import { dir, factsFor, file, record, runModules, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("info-file-empty", () => {
  test.each([["zero bytes", record({ info: file(0o644, { size: 0 }) })]])("fires: %s", (_, version) => {
    expect(runModules(infoFileEmpty, [version], facts)?.count).toBe(1);
  });

  test.each([
    ["a complete version", record()],
    ["no .info", record({ info: undefined })],
  ])("is silent: %s", (_, version) => {
    expect(runModules(infoFileEmpty, [version], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = runModules(infoFileEmpty, [record({ info: file(0o644, { size: 0 }) })], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 .info file is empty (example.com/alpha@v1.0.0): go mod download and go list -m all fail without network"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "rm -f /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.info && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
      ]
    `);
  });
});
