import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogBytes } from "../../src/causes/encoding.ts";
import { classify, LogReader } from "../../src/causes/reader.ts";

const log = "go: downloading example.net/lib v1.0.1\r\ngo: example.net/lib@v1.0.1: missing go.sum entry 𝄞\r\n";
const little = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");
const big = (text: string): Buffer => Buffer.from(little(text)).swap16();

function read(pieces: Iterable<Uint8Array>): string {
  const bytes = new LogBytes();
  const out = [...pieces].map((piece) => Buffer.from(bytes.push(piece)));
  return Buffer.concat([...out, bytes.end()]).toString("utf8");
}

describe("the bytes of a log", () => {
  it.each([
    ["UTF-16LE, as PowerShell writes it", little],
    ["UTF-16BE", big],
  ])("%s, cut anywhere", (_, encode) => {
    const whole = encode(log);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), whole.length];
        expect(read(ends.map((end, at) => whole.subarray(ends[at - 1] ?? 0, end)))).toBe(log);
      }),
    );
  });

  it("leaves everything else as it is", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5 })), (pieces) => {
        const whole = Buffer.concat(pieces);
        const marked = whole.length > 1 && [0xfffe, 0xfeff].includes(whole.readUInt16BE(0));
        fc.pre(!marked);
        const bytes = new LogBytes();
        const out = pieces.map((piece) => Buffer.from(bytes.push(piece)));
        expect(Buffer.concat([...out, bytes.end()])).toEqual(whole);
      }),
    );
  });

  it("is classified as the same log in UTF-8 is", () => {
    const expected = classify(log).causes.map(({ subcategory, evidence }) => [subcategory, evidence.line]);
    expect(expected).toHaveLength(1);
    for (const encode of [little, big]) {
      const reader = new LogReader();
      for (const byte of encode(log)) reader.push(Uint8Array.of(byte));
      expect(reader.end().causes.map(({ subcategory, evidence }) => [subcategory, evidence.line])).toEqual(expected);
    }
  });
});
