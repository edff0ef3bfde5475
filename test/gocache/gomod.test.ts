import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GoFileError, parseGoMod, parseGoSum, parseGoWork } from "../../src/gocache/gomod.ts";

const text = `// Deprecated: no
module example.org/app // the app

go 1.22.3
toolchain go1.23.1

require example.com/one v1.0.0
require (
	example.com/two v1.2.3 // indirect
	"example.com/quoted" v0.1.0
)

exclude example.com/two v1.2.2

replace (
	example.com/one => ../one
	example.com/two v1.2.3 => example.com/fork v1.2.4
)

retract [v1.0.0, v1.1.0]
tool example.com/two/cmd/gen
`;

describe("go.mod", () => {
  it("is read", () => {
    expect(parseGoMod(text)).toEqual({
      module: "example.org/app",
      go: "1.22.3",
      toolchain: "go1.23.1",
      require: [
        { path: "example.com/one", version: "v1.0.0" },
        { path: "example.com/two", version: "v1.2.3" },
        { path: "example.com/quoted", version: "v0.1.0" },
      ],
      exclude: [{ path: "example.com/two", version: "v1.2.2" }],
      replace: [
        { path: "example.com/one", by: { directory: "../one" } },
        { path: "example.com/two", version: "v1.2.3", by: { path: "example.com/fork", version: "v1.2.4" } },
      ],
      tools: ["example.com/two/cmd/gen"],
    });
  });

  it.each([
    ["module x\nrequire (\n\ta v1.0.0\n", "not closed"],
    ["go 1.22\n", "no module line"],
    ["module x\nrequires a v1\n", "go.mod:2: unknown directive: requires"],
    ["module x\nrequire a\n", "go.mod:2: usage"],
    ["module x\nreplace a b\n", "go.mod:2: usage"],
    ["<<<<<<< HEAD\nmodule x\n", "go.mod:1"],
  ])("refuses %j with the line", (broken, message) => {
    expect(() => parseGoMod(broken)).toThrow(message);
  });

  it("either parses or throws its own error, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), (noise) => {
        try {
          parseGoMod(`module x\n${noise}\n`);
        } catch (error) {
          expect(error).toBeInstanceOf(GoFileError);
        }
      }),
    );
  });
});

it("reads go.work", () => {
  expect(parseGoWork("go 1.22\n\nuse (\n\t.\n\t./lib\n)\n\nreplace a => ./a\n")).toEqual({
    go: "1.22",
    use: [".", "./lib"],
    replace: [{ path: "a", by: { directory: "./a" } }],
  });
});

it("reads go.sum, and refuses a torn line", () => {
  const sums = parseGoSum("a v1.0.0 h1:x=\na v1.0.0/go.mod h1:y=\n\na v1.0.0 h1:z=\n");
  expect(sums.get("a v1.0.0")).toEqual(["h1:x=", "h1:z="]);
  expect(sums.get("a v1.0.0/go.mod")).toEqual(["h1:y="]);
  expect(() => parseGoSum("a v1.0.0\n")).toThrow("malformed go.sum");
});
