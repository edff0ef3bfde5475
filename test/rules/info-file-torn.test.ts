// What info-file-torn says, of whom, and which command it offers.
import { describe, expect, test } from "vitest";
import { infoFileTorn } from "../../src/rules/info-file-torn.ts";
import { content, problem, runContents } from "./sample-contents.ts";

const one = content([problem("info-file-torn", "info")]);

describe("info-file-torn", () => {
  test("says what is wrong, with evidence, and the command", () => {
    const draft = runContents(infoFileTorn, [one]);
    expect(infoFileTorn.severity).toBe("warning");
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 .info file is damaged (example.com/alpha@v1.0.0): go mod download and go list -m all fail without network"`,
    );
    expect(draft?.why).toMatchInlineSnapshot(
      `"An .info is a small JSON object with Version and Time. Go takes one that it cannot read for one that is not cached and asks the proxy. With GOPROXY=off it says \`module lookup disabled by GOPROXY=off\` and does not name the module."`,
    );
    expect(draft?.paths).toMatchInlineSnapshot(`
      [
        {
          "group": "alice",
          "mode": "-rw-r--r--",
          "owner": "alice",
          "path": "/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.info",
        },
      ]
    `);
    expect(draft?.fixes).toMatchInlineSnapshot(`
      [
        {
          "command": "rm -f /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.info && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
          "disposition": "safe",
          "title": "Delete the file and fetch it again",
        },
      ]
    `);
  });

  test("counts them all, and commands what it names", () => {
    const many = Array.from({ length: 1200 }, (_, index) => ({ ...one, version: `v1.0.${index}` }));
    const draft = runContents(infoFileTorn, many);
    expect(draft?.count).toBe(1200);
    expect(draft?.message).toContain("1,200 ");
    expect(draft?.message).toContain("example.com/alpha@v1.0.0 and 1,199 more");
    expect(draft?.fixes[0]?.title).toMatch(/\(the first 3 of 1,200\)$/);
    expect(draft?.fixes[0]?.command).toContain(
      "go mod download example.com/alpha@v1.0.0 example.com/alpha@v1.0.1 example.com/alpha@v1.0.2",
    );
  });
});
