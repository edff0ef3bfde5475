import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columns, hanging, pad, wrap } from "../../src/report/layout.ts";

describe("columns", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["日本", 4],
    ["e\u0301", 1],
    ["é", 1],
    ["🚀", 2],
  ])("%j takes %i", (text, expected) => {
    expect(columns(text)).toBe(expected);
    expect(columns(pad(text, 10))).toBe(10);
  });
});

describe("wrap", () => {
  it("breaks at spaces and never within a word", () => {
    expect(wrap("one two three", 9, 2, 0)).toEqual(["one two", "three"]);
    expect(wrap("a /very/long/path b", 8, 0, 2)).toEqual(["a", "/very/long/path", "b"]);
  });

  it("leaves the first line empty when the first word only fits on the next", () => {
    expect(wrap("word", 10, 8, 2)).toEqual(["", "word"]);
    expect(hanging("prefix: ", "word", 10, 2)).toEqual(["prefix:", "  word"]);
  });

  it("keeps every word in order, and is as wide as allowed unless a word is wider", () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 20, max: 60 }), (words, width) => {
        const lines = hanging("    ", words.join(" "), width, 6);
        expect(lines.join(" ").split(/ +/).filter(Boolean)).toEqual(words);
        for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
