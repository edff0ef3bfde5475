import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BuildContext, evaluate, nameMatches } from "../../src/gocache/constraint.ts";
import { readGoSource } from "../../src/gocache/gosource.ts";

describe("the head of a source file", () => {
  it("has package, imports, constraint and embeds", () => {
    const text = `// Copyright
//go:build linux && !cgo

/* package not; */
package app // here

import "fmt"
import (
	. "math"; _ "embed"
	// "not/this"
	named \`example.com/raw\`
)

//go:embed a.txt "b c.txt" dir
var x string
`;
    expect(readGoSource(text)).toEqual({
      packageName: "app",
      imports: ["fmt", "math", "embed", "example.com/raw"],
      constraint: "linux && !cgo",
      embeds: ["a.txt", "b c.txt", "dir"],
    });
  });

  it.each(["", "func main() {}", "package", "package x; import (", 'import "fmt"', "\0\0garbage"])(
    "is none in %j",
    (text) => {
      expect(readGoSource(text)).toBeUndefined();
    },
  );

  it("is looked for without hanging, whatever the text", () => {
    fc.assert(fc.property(fc.string(), (text) => void readGoSource(`package x\nimport ${text}`)));
  });
});

const linux: BuildContext = { goos: "linux", goarch: "amd64", cgo: true, goMinor: 26, tags: new Set(["extra"]) };

it.each([
  ["a.go", true],
  ["linux.go", true],
  ["a_linux.go", true],
  ["a_windows.go", false],
  ["a_windows_test.go", false],
  ["a_linux_amd64.go", true],
  ["a_linux_arm64.go", false],
  ["a_amd64.s", true],
  ["windows_a.go", true],
  ["_windows.go", false],
  ["a_android.go", false],
])("file name %s takes part: %s", (name, expected) => {
  expect(nameMatches(name, linux)).toBe(expected);
});

it.each([
  ["linux", true],
  ["linux && arm64", false],
  ["!windows", true],
  ["windows || (unix && amd64)", true],
  ["ignore", false],
  ["go1.26 && !go1.27", true],
  ["extra && cgo && gc", true],
  ["linux &&", undefined],
  ["(linux", undefined],
])("constraint %s is %s", (expression, expected) => {
  expect(evaluate(expression, linux)).toBe(expected);
});
