// What zip-not-as-go-sum says, of whom, and which command it offers.
import { describe, expect, test } from "vitest";
import { zipNotAsGoSum } from "../../src/rules/zip-not-as-go-sum.ts";
import { content, problem, runContents } from "./sample-contents.ts";

const one = content([problem("zip-not-as-go-sum", "zip")]);

describe("zip-not-as-go-sum", () => {
  test("says what is wrong, with evidence, and the command", () => {
    const draft = runContents(zipNotAsGoSum, [one]);
    expect(zipNotAsGoSum.severity).toBe("error");
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 module is not what go.sum says (example.com/alpha@v1.0.0): an attack or a corruption, in the cache or on the way to it"`,
    );
    expect(draft?.why).toMatchInlineSnapshot(
      `"example.com/alpha@v1.0.0: expected h1:right=, found h1:wrong=. If the ziphash is wrong too, go says SECURITY ERROR; if it is right, go notices nothing and builds what is there. A version that was published twice with different contents looks the same. Do not delete go.sum, and do not set GOSUMDB=off."`,
    );
    expect(draft?.paths).toMatchInlineSnapshot(`
      [
        {
          "group": "alice",
          "mode": "-rw-r--r--",
          "owner": "alice",
          "path": "/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip",
        },
      ]
    `);
    expect(draft?.fixes).toMatchInlineSnapshot(`
      [
        {
          "command": "rm -rf /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.ziphash /srv/go/mod/example.com/alpha@v1.0.0 && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
          "disposition": "unsafe",
          "title": "Delete zip, hash and tree, and let go fetch them again; keep a copy if you suspect an attack",
        },
      ]
    `);
  });

  test("counts them all, and commands what it names", () => {
    const many = Array.from({ length: 1200 }, (_, index) => ({ ...one, version: `v1.0.${index}` }));
    const draft = runContents(zipNotAsGoSum, many);
    expect(draft?.count).toBe(1200);
    expect(draft?.message).toContain("1,200 ");
    expect(draft?.message).toContain("example.com/alpha@v1.0.0 and 1,199 more");
    expect(draft?.fixes[0]?.title).toMatch(/\(the first 3 of 1,200\)$/);
    expect(draft?.fixes[0]?.command).toContain(
      "go mod download example.com/alpha@v1.0.0 example.com/alpha@v1.0.1 example.com/alpha@v1.0.2",
    );
  });
});
