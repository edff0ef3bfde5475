// Which names and sizes go accepts in a module zip.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largestModule, ModuleZipNames } from "../../src/gocache/modulezip.ts";

const prefix = "example.com/a@v1.0.0/";

function refusals(...names: (string | [string, number])[]): (string | undefined)[] {
  const zip = new ModuleZipNames(prefix);
  return names.map((name) =>
    typeof name === "string" ? zip.refuse(prefix + name, 1) : zip.refuse(prefix + name[0], name[1]),
  );
}

describe("accepted", () => {
  test.each([
    [["go.mod", "LICENSE", "a.go", "sub/a.go", "sub/b.go", "sub/deep/a.go"]],
    [["", "sub/", "sub/a.go"]],
    [["a b.go", "x!#$%&()+,-.=@[]^_{}~", "..x", ".github/a", "日本/é.go"]],
    [["console.go", "com10", "nulls/a.go", "xgo.mod"]],
    [["straße.go", "STRASSE.go"]],
    [[["a.bin", largestModule] as [string, number]]],
  ])("%j", (names) => {
    expect(refusals(...names).filter((reason) => reason !== undefined)).toEqual([]);
  });
});

describe("refused", () => {
  test.each([
    [["a.go", "A.go"], "two names differ only in upper and lower case"],
    [["Sub/a.go", "sub/b.go"], "two names differ only in upper and lower case"],
    [["É.go", "é.go"], "two names differ only in upper and lower case"],
    [["\u212a.go", "k.go"], "two names differ only in upper and lower case"],
    [["a.go", "a.go"], "a name occurs twice"],
    [["a", "a/b"], "a name is both a file and a directory"],
    [["a/b", "a"], "a name is both a file and a directory"],
    [["GO.MOD"], "go.mod is not written in lower case"],
    [["v2/go.mod"], "a go.mod is not in the module's root directory"],
    [["v2/Go.Mod"], "a go.mod is not in the module's root directory"],
    [["a\\b"], "a name holds a character that go does not allow"],
    [["a\nb"], "a name holds a character that go does not allow"],
    [["\udcff"], "a name holds a character that go does not allow"],
    [["aux"], "aux is a reserved name on Windows"],
    [["/etc/passwd"], "a name is not clean (an empty element, . or ..)"],
    [
      [["a", largestModule] as [string, number], ["b", 1] as [string, number]],
      `its files have more than ${largestModule} bytes`,
    ],
    [[["go.mod", 17 * 1024 * 1024] as [string, number]], "its go.mod is too large"],
  ])("%j", (names, reason) => {
    expect(refusals(...names).at(-1)).toBe(reason);
  });
});

test("any names end in an answer, and what leads out of the module is refused", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 30 })), (names) => {
      const reasons = refusals(...names);
      for (const [at, name] of names.entries()) {
        if (name.split("/").includes("..")) expect(reasons[at]).toBeDefined();
      }
    }),
  );
});
