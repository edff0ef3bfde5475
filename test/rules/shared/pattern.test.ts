import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPrefix } from "../../../src/gocache/pattern.ts";
import { widePatterns } from "../../../src/rules/shared/pattern.ts";

describe("module patterns", () => {
  // As module.MatchPrefixPatterns of golang.org/x/mod answers.
  it.each([
    ["example.com", "example.com/a/b", true],
    ["example.com/", "example.com/a", true],
    ["*", "example.com/a", true],
    ["*.com/a", "example.com/a/b", true],
    ["example.com/a/b/c", "example.com/a", false],
    ["example.com/b", "example.com/a/b", false],
    ["exampleXcom", "example.com/a", false],
    ["example.co?", "example.com/a", true],
    ["example.[a-c]om", "example.com/a", true],
    ["example.[^a-c]om", "example.com/a", false],
    ["example\\.com", "example.com/a", true],
    ["example.[com", "example.com/a", false],
    ["", "example.com/a", false],
  ])("%s on %s: %s", (pattern, path, expected) => expect(matchesPrefix(pattern, path)).toBe(expected));

  it("never throws, and keeps the order of the list", () => {
    fc.assert(fc.property(fc.string(), (list) => widePatterns(list).every((pattern) => list.includes(pattern))));
    expect(widePatterns("*,git.example.com,github.com")).toEqual(["*", "github.com"]);
  });
});
