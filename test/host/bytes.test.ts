import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBytes, show, toBytes } from "../../src/host/bytes.ts";

test("plain names stay strings", () => {
  for (const name of ["a", "größe", "日本", "🙂", "\ufffd", "new\nline"]) {
    expect(toBytes(name)).toBe(name);
    expect(fromBytes(Buffer.from(name))).toBe(name);
    expect(show(name)).toBe(name);
  }
});

test.each([
  ["a lone byte", [0x61, 0xff, 0x62], "a\\xffb"],
  ["a cut character", [0xe2, 0x82], "\\xe2\\x82"],
  ["an encoded surrogate", [0xed, 0xb2, 0x80], "\\xed\\xb2\\x80"],
  ["a bad byte beside an emoji", [0xf0, 0x9f, 0x99, 0x82, 0x80], "🙂\\x80"],
  ["an overlong slash", [0xc0, 0xaf], "\\xc0\\xaf"],
])("%s is kept and shown", (_, bytes, shown) => {
  const text = fromBytes(Buffer.from(bytes));
  expect(Buffer.from(toBytes(text))).toEqual(Buffer.from(bytes));
  expect(show(text)).toBe(shown);
});

test("any bytes come back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(Buffer.from(toBytes(fromBytes(Buffer.from(bytes))))).toEqual(Buffer.from(bytes));
    }),
  );
});
