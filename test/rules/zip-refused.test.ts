// What zip-refused says, of whom, and which command it offers.
import { describe, expect, test } from "vitest";
import { zipRefused } from "../../src/rules/zip-refused.ts";
import { content, problem, runContents } from "./sample-contents.ts";

const one = content([problem("zip-refused", "zip", { found: "a name occurs twice" })]);

describe("zip-refused", () => {
  test("says what is wrong, with evidence, and the command", () => {
    const draft = runContents(zipRefused, [one]);
    expect(zipRefused.severity).toBe("error");
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 zip is no module zip (example.com/alpha@v1.0.0): go refuses to extract it"`,
    );
    expect(draft?.why).toMatchInlineSnapshot(
      `"example.com/alpha@v1.0.0: a name occurs twice. Every name in a module zip begins with module@version/, names are clean and occur once, and all files together have at most 500 MiB. Go makes and keeps no other: somebody put it there, or a proxy served it."`,
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
          "title": "Delete zip, hash and tree, and let go fetch them again",
        },
      ]
    `);
  });

  test("counts them all, and commands what it names", () => {
    const many = Array.from({ length: 1200 }, (_, index) => ({ ...one, version: `v1.0.${index}` }));
    const draft = runContents(zipRefused, many);
    expect(draft?.count).toBe(1200);
    expect(draft?.message).toContain("1,200 ");
    expect(draft?.message).toContain("example.com/alpha@v1.0.0 and 1,199 more");
    expect(draft?.fixes[0]?.title).toMatch(/\(the first 3 of 1,200\)$/);
    expect(draft?.fixes[0]?.command).toContain(
      "go mod download example.com/alpha@v1.0.0 example.com/alpha@v1.0.1 example.com/alpha@v1.0.2",
    );
  });
});
