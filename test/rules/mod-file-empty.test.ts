// What mod-file-empty fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { modFileEmpty } from "../../src/rules/mod-file-empty.ts";
import { dir, factsFor, file, record, runModules, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1002), dir(0o755));

describe("mod-file-empty", () => {
  test.each([["zero bytes", record({ mod: file(0o644, { size: 0 }) })]])("fires: %s", (_, version) => {
    expect(runModules(modFileEmpty, [version], facts)?.count).toBe(1);
  });

  test.each([
    ["a complete version", record()],
    ["no .mod", record({ mod: undefined })],
  ])("is silent: %s", (_, version) => {
    expect(runModules(modFileEmpty, [version], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = runModules(modFileEmpty, [record({ mod: file(0o644, { size: 0 }) })], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 cached go.mod is empty (example.com/alpha@v1.0.0): every go command that needs it stops with \`checksum mismatch\`"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "rm -f /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.mod && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
      ]
    `);
  });
});
