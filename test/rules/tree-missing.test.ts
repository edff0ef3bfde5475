// What tree-missing says, of whom, and which command it offers.
import { describe, expect, test } from "vitest";
import { treeMissing } from "../../src/rules/tree-missing.ts";
import { content, problem, runContents } from "./sample-contents.ts";

const one = content([problem("tree-missing", "zip", { path: "/srv/go/mod/example.com/alpha@v1.0.0" })]);

describe("tree-missing", () => {
  test("says what is wrong, with evidence, and the command", () => {
    const draft = runContents(treeMissing, [one]);
    expect(treeMissing.severity).toBe("warning");
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 fetched module is not extracted (example.com/alpha@v1.0.0): builds fail for all who may not write the cache"`,
    );
    expect(draft?.why).toMatchInlineSnapshot(
      `"Somebody deleted the tree, or copied only cache/download. Go extracts it again for whoever may write, and does not hash the zip before. Others read \`permission denied\` about the .lock. go mod verify says nothing about it."`,
    );
    expect(draft?.paths).toMatchInlineSnapshot(`
      [
        {
          "group": "alice",
          "mode": "-rw-r--r--",
          "owner": "alice",
          "path": "/srv/go/mod/example.com/alpha@v1.0.0",
        },
      ]
    `);
    expect(draft?.fixes).toMatchInlineSnapshot(`
      [
        {
          "command": "(cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
          "disposition": "safe",
          "title": "Let go extract again",
        },
      ]
    `);
  });

  test("counts them all, and commands what it names", () => {
    const many = Array.from({ length: 1200 }, (_, index) => ({ ...one, version: `v1.0.${index}` }));
    const draft = runContents(treeMissing, many);
    expect(draft?.count).toBe(1200);
    expect(draft?.message).toContain("1,200 ");
    expect(draft?.message).toContain("example.com/alpha@v1.0.0 and 1,199 more");
    expect(draft?.fixes[0]?.title).toMatch(/\(the first 3 of 1,200\)$/);
    expect(draft?.fixes[0]?.command).toContain(
      "go mod download example.com/alpha@v1.0.0 example.com/alpha@v1.0.1 example.com/alpha@v1.0.2",
    );
  });
});
