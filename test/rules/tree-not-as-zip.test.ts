// What tree-not-as-zip says, of whom, and which command it offers.
import { describe, expect, test } from "vitest";
import { treeNotAsZip } from "../../src/rules/tree-not-as-zip.ts";
import { testContentRule } from "./content-rule.ts";
import { dir, factsFor, subject } from "./sample-cache.ts";
import { content, problem, runContents } from "./sample-contents.ts";

const one = content([
  problem("tree-not-as-zip", "zip", {
    path: "/srv/go/mod/example.com/alpha@v1.0.0/a.go",
    expected: "sha256 00",
    found: "sha256 01",
  }),
]);

testContentRule("tree-not-as-zip", treeNotAsZip, one, {
  severity: "error",
  message:
    "1 extracted module is not what was fetched (example.com/alpha@v1.0.0): 1 file or tree changed; go builds what is there",
  why: "example.com/alpha@v1.0.0: expected sha256 00, found sha256 01. Go hashes no extracted file again, so that whoever may write them decides what all others build. Somebody edited the module, deleted a part of it, or put something into it.",
  path: "/srv/go/mod/example.com/alpha@v1.0.0/a.go",
  fix: {
    command:
      "rm -rf /srv/go/mod/example.com/alpha@v1.0.0 && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
    disposition: "unsafe",
    title: "Delete the tree, with all edits, and let go extract it again",
  },
});

describe("tree-not-as-zip", () => {
  test("tells changed, missing and extra files apart", () => {
    const at = (name: string, expected: string, found: string) =>
      problem("tree-not-as-zip", "zip", { path: `/srv/go/mod/example.com/alpha@v1.0.0/${name}`, expected, found });
    const draft = runContents(treeNotAsZip, [
      content([at("a.go", "sha256 00", "sha256 01"), at("b.go", "a file", "nothing")]),
      content([at("c.go", "nothing", "a file"), at("d", "nothing", "a symbolic link")], { unlisted: 40 }),
    ]);
    expect(draft?.message).toContain("1 file or tree changed, 1 file missing, 2 files too many, 40 more differences");
  });

  test("a link in the tree's place is deleted too", () => {
    const path = "/srv/go/mod/example.com/alpha@v1.0.0";
    const { extracted: _, ...link } = content([
      problem("tree-not-as-zip", "zip", { path, expected: "a directory", found: "a symbolic link" }),
    ]);
    expect(runContents(treeNotAsZip, [link])?.fixes[0]?.command).toMatch(
      /^rm -rf \/srv\/go\/mod\/example.com\/alpha@v1.0.0 && /,
    );
  });

  test("the owner must be let into the directories that go closed", () => {
    const draft = runContents(treeNotAsZip, [one], factsFor(subject(1000), dir(0o755), { self: subject(1000) }));
    expect(draft?.fixes[0]?.command).toMatch(/^chmod -R u\+w \/srv\/go\/mod\/example.com\/alpha@v1.0.0 && rm -rf /);
  });
});
