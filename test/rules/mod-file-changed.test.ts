// What mod-file-changed says, of whom, and which command it offers.
import { describe, expect, test } from "vitest";
import { modFileChanged } from "../../src/rules/mod-file-changed.ts";
import { content, problem, runContents } from "./sample-contents.ts";

const one = content([problem("mod-file-changed", "mod")]);

describe("mod-file-changed", () => {
  test("says what is wrong, with evidence, and the command", () => {
    const draft = runContents(modFileChanged, [one]);
    expect(modFileChanged.severity).toBe("error");
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 cached go.mod is not the module's own (example.com/alpha@v1.0.0): go commands that need it stop with \`checksum mismatch\`, or without go.sum choose other versions"`,
    );
    expect(draft?.why).toMatchInlineSnapshot(
      `"example.com/alpha@v1.0.0: expected h1:right=, found h1:wrong=. Somebody edited the file, or a crash filled it with NULs. Go does not fetch it again by itself. go.sum is right: do not delete it, and do not set GOSUMDB=off."`,
    );
    expect(draft?.paths).toMatchInlineSnapshot(`
      [
        {
          "group": "alice",
          "mode": "-rw-r--r--",
          "owner": "alice",
          "path": "/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.mod",
        },
      ]
    `);
    expect(draft?.fixes).toMatchInlineSnapshot(`
      [
        {
          "command": "rm -f /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.mod && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
          "disposition": "unsafe",
          "title": "Delete the file and fetch it again",
        },
      ]
    `);
  });

  test("counts them all, and commands what it names", () => {
    const many = Array.from({ length: 1200 }, (_, index) => ({ ...one, version: `v1.0.${index}` }));
    const draft = runContents(modFileChanged, many);
    expect(draft?.count).toBe(1200);
    expect(draft?.message).toContain("1,200 ");
    expect(draft?.message).toContain("example.com/alpha@v1.0.0 and 1,199 more");
    expect(draft?.fixes[0]?.title).toMatch(/\(the first 3 of 1,200\)$/);
    expect(draft?.fixes[0]?.command).toContain(
      "go mod download example.com/alpha@v1.0.0 example.com/alpha@v1.0.1 example.com/alpha@v1.0.2",
    );
  });
});
