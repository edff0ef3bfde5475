import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  jsonText,
  markdown,
  markdownCode,
  markdownCommand,
  pasteable,
  printable,
  workflowData,
  workflowProperty,
  xml,
} from "../../src/report/safe.ts";
import { shellQuote } from "../../src/rules/shared/say.ts";
import { hostileText } from "./arbitrary.ts";

/** Written apart from the source: what must not reach a terminal, by code point. */
function isDangerous(code: number): boolean {
  const ranges: [number, number][] = [
    [0, 0x1f],
    [0x7f, 0x9f],
    [0xad, 0xad],
    [0x61c, 0x61c],
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x206f],
    [0xd800, 0xdfff],
    [0xfeff, 0xfeff],
    [0xfff9, 0xfffb],
    [0xfffe, 0xffff],
    [0xe0001, 0xe007f],
  ];
  return ranges.some(([from, to]) => code >= from && code <= to);
}

const dangers = (text: string): string[] =>
  [...text].filter((character) => isDangerous(character.codePointAt(0) as number));

describe("printable", () => {
  it.each([
    ["plain /go/pkg/mod/a@v1.0.0", "plain /go/pkg/mod/a@v1.0.0"],
    ["日本語 é ñ", "日本語 é ñ"],
    ["a\nb\rc\td", "a\\nb\\rc\\td"],
    ["\x1b[31mred", "\\x1b[31mred"],
    ["\x00\x7f\x80\x9f", "\\x00\\x7f\\x80\\x9f"],
    ["\u202egpj.exe\u2069", "\\u202egpj.exe\\u2069"],
    ["\u2028\u2029\u200b\ufeff", "\\u2028\\u2029\\u200b\\ufeff"],
    ["a\ud800b", "a\\ud800b"],
    ["\u{e0041}", "\\u{e0041}"],
    ["::error::x", "\\x3a:error::x"],
    ["a::Error file=x::y", "a\\x3a:Error file=x::y"],
    ["what ::anything", "what \\x3a:anything"],
    ["##[error] ##vso[task] ##teamcity[x]", "\\x23#[error] \\x23#vso[task] \\x23#teamcity[x]"],
    ["setfacl -m u::rwx,g::r-x", "setfacl -m u::rwx,g::r-x"],
    ["already \\xff escaped", "already \\xff escaped"],
  ])("shows %j as %j", (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it("never yields a dangerous character or a log command, and leaves its own output alone", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const safe = printable(text);
        expect(dangers(safe)).toEqual([]);
        expect(safe).not.toMatch(/(^|\s)::|::(error|warning|notice|group|set-output|add-mask)|##[a-z]*\[/i);
        expect(printable(safe)).toBe(safe);
      }),
    );
  });

  it("treats every dangerous character", () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      if (isDangerous(code)) expect(dangers(printable(String.fromCodePoint(code)))).toEqual([]);
    }
  });
});

describe("pasteable", () => {
  it("leaves an ordinary command alone", () => {
    const command = `chgrp -R go /go/pkg/mod && setfacl -m u::rwx,g::rwx "it's" 'a b'`;
    expect(pasteable(command)).toBe(command);
  });

  it("makes what no quoted name puts outside of single quotes only visible", () => {
    expect(pasteable('a\nb "c\x1b"')).toBe('a\\nb "c\\x1b"');
  });

  it("names the same file in a shell", () => {
    const name = hostileText.filter((text) => !text.includes("\0") && !/\p{Cs}/u.test(text));
    fc.assert(
      fc.property(name, (text) => {
        const command = pasteable(`printf %s ${shellQuote(text)}`);
        expect(dangers(command)).toEqual([]);
        expect(execFileSync("bash", ["--norc", "-c", command], { encoding: "utf8" })).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe("jsonText", () => {
  it("loses nothing and holds nothing dangerous", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const value = { [one]: [other] };
        for (const indent of [0, 2]) {
          const text = jsonText(value, indent);
          expect(JSON.parse(text)).toEqual(value);
          expect(dangers(text.replaceAll("\n", ""))).toEqual([]);
          expect(text).not.toMatch(/^\s*::|::error|##[a-z]*\[/im);
        }
        expect(jsonText(value, 0)).not.toContain("\n");
      }),
    );
  });
});

describe("the escapes of other languages", () => {
  it("follow GitHub's toolkit", () => {
    expect(workflowData("100%\r\na:b,c")).toBe("100%25%0D%0Aa:b,c");
    expect(workflowProperty("100%\r\na:b,c")).toBe("100%25%0D%0Aa%3Ab%2Cc");
  });

  it("give XML 1.0 only what it can hold", () => {
    expect(xml(`<a b="c" d='e'>&]]>\0\ufffe`)).toBe("&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;]]&gt;\\x00\\ufffe");
  });

  it("leave no markup to Markdown", () => {
    expect(markdown("a|b `c` <b> [l](http://e) *x* _y_ \\")).toBe(
      "a&#124;b &#96;c&#96; &#60;b&#62; &#91;l&#93;(http&#58;//e) &#42;x&#42; &#95;y&#95; &#92;",
    );
    expect(markdown("- item")).toBe("&#45; item");
    expect(markdown("1. item")).toBe("1&#46; item");
    expect(markdown("12,310 files belong to root")).toBe("12,310 files belong to root");
  });

  it.each([
    ["plain", "`plain`"],
    ["a`b", "``a`b``"],
    ["`a", "`` `a ``"],
    ["a\nb", "`a\\nb`"],
    [" a ", "`  a  `"],
    ["", "`  `"],
  ])("put %j into the code span %j", (text, expected) => {
    expect(markdownCode(text)).toBe(expected);
  });

  it("close a code block only at its end", () => {
    expect(markdownCommand("echo ```` x")).toBe("`````sh\necho ```` x\n`````");
  });
});
