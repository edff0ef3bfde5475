import fc from "fast-check";
import { expect, test } from "vitest";
import { type Area, rootArea } from "../../src/gocache/area.ts";
import { type EntryKind, kindOf } from "../../src/gocache/kind.ts";

function kindByAreas(path: string, isDirectory: boolean): EntryKind {
  const names = path.split("/");
  const last = names.pop() as string;
  let area: Area = rootArea;
  for (const name of names) area = area.below(name);
  const directory = { relative: names.join("/") };
  return isDirectory ? area.directoryKind(last, directory) : area.fileKind(last, directory);
}

const name = fc.oneof(
  fc.constantFrom(
    ...[
      "cache",
      "download",
      "lock",
      "vcs",
      "sumdb",
      "golang.org",
      "toolchain@v0.0.1-go1.22.0.linux-amd64",
      "bin",
      "pkg",
    ],
    ...["tool", "@v", "@vault", "@v1.info", "@", "@x", "a@v1.0.0", "b@", "github.com", "!azure", "list", "v1.0.0.info"],
    ...["v1.0.0.mod", "v1.0.0.zip", "v1.0.0.ziphash", "v1.0.0.lock", "v1.0.0.partial", "v1.0.0.zip123.tmp", ".info"],
    ...["x.tmp", "12.tmp", "toolchain", "@v.lock", "v1.list"],
  ),
  fc.stringMatching(/^[a-z@.]{1,6}$/).filter((text) => text !== "." && text !== ".."),
);

test("an area says of each path what kindOf says", () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 8 }), fc.boolean(), (names, isDirectory) => {
      const path = names.join("/");
      expect(kindByAreas(path, isDirectory), path).toBe(kindOf(path, isDirectory));
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  ["cache/download/github.com/!azure/x/@v/v1.0.0.ziphash", "ziphash"],
  ["golang.org/toolchain@v0.0.1-go1.22.0.linux-amd64/pkg/tool/linux_amd64/compile", "toolchain-binary"],
  ["golang.org/x/toolchain@v1.0.0/bin/go", "source-file"],
  ["cache/download/sumdb/sum.golang.org/tile/8/0/000", "sumdb"],
  ["cache/lock", "side-lock"],
  ["note.txt", "foreign"],
] as const)("%s is %s", (path, kind) => {
  expect(kindByAreas(path, false)).toBe(kind);
});
