// What zip-torn says, of whom, and which command it offers.
import { describe, expect, test } from "vitest";
import { zipTorn } from "../../src/rules/zip-torn.ts";
import { content, problem, runContents } from "./sample-contents.ts";

const one = content([problem("zip-torn", "zip", { found: "unexpected end of file." })]);

describe("zip-torn", () => {
  test("says what is wrong, with evidence, and the command", () => {
    const draft = runContents(zipTorn, [one]);
    expect(zipTorn.severity).toBe("error");
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 module zip is damaged (example.com/alpha@v1.0.0): go mod verify fails, and so do users of the cache as a proxy"`,
    );
    expect(draft?.why).toMatchInlineSnapshot(
      `"example.com/alpha@v1.0.0: unexpected end of file. A crash, a full disk or a broken copy cut it off, or the disk is failing. Go looks only whether the zip exists and never fetches it again."`,
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
    const draft = runContents(zipTorn, many);
    expect(draft?.count).toBe(1200);
    expect(draft?.message).toContain("1,200 ");
    expect(draft?.message).toContain("example.com/alpha@v1.0.0 and 1,199 more");
    expect(draft?.fixes[0]?.title).toMatch(/\(the first 3 of 1,200\)$/);
    expect(draft?.fixes[0]?.command).toContain(
      "go mod download example.com/alpha@v1.0.0 example.com/alpha@v1.0.1 example.com/alpha@v1.0.2",
    );
  });
});
