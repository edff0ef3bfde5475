import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseWslConf, settingOf } from "../../src/wsl/conf.ts";

const settings = (text: string): string[] =>
  parseWslConf(text).settings.map(({ section, key, value, line }) => `${line} ${section}.${key}=${value}`);
const stop = (text: string): string | undefined => {
  const at = parseWslConf(text).stop;
  return at === undefined ? undefined : `${at.line}: ${at.because}`;
};

describe("what WSL reads", () => {
  it("keys below sections, with comments and quotes", () => {
    const text = `# a comment
[automount] # another
enabled = true
options = "metadata,umask=22" # and one more

	[ network ]`;
    expect(settings(text)).toEqual(["3 automount.enabled=true", "4 automount.options=metadata,umask=22"]);
    expect(stop(text)).toBe("6: a section's name begins with a letter, directly after [");
  });

  it.each([
    ["a=b c  \n", "1 .a=b c"],
    ["a=\n", "1 .a="],
    ["a=b#c\n", "1 .a=b"],
    ['a="b#c"\n', "1 .a=b#c"],
    ['a=" b " \n', "1 .a= b "],
    ['a=\\\\b\\n\\t\\"\n', '1 .a=\\b\n\t"'],
    ["a=b \\\n  c\n", "1 .a=b   c"],
    ["a=b\r\n", "1 .a=b"],
    ["a=b\rc=d\n", "1 .a=b|1 .c=d"],
    ["\r\n[s]\r\na=b", "3 s.a=b"],
    ["a=é\udcff\n", "1 .a=é\udcff"],
    ["a=b=c", "1 .a=b=c"],
    ["[s]a=b", ""],
    ["#x\ra=b", ""],
  ])("%j", (text, expected) => {
    expect(settings(text).join("|")).toBe(expected);
  });

  it("names without case, and of two the first", () => {
    const conf = parseWslConf("[AutoMount]\nOptions = first\n[automount]\noptions = second\n");
    expect(settingOf(conf, "automount", "options")?.value).toBe("first");
    expect(settingOf(conf, "automount", "root")).toBeUndefined();
  });
});

describe("where it stops", () => {
  it.each([
    ["[a]\n; no comment\nb=c\n", "2: a semicolon begins no comment here, only # does"],
    ["a\nb=c\n", "1: a key has letters and digits only, and then ="],
    ["mount-options=x\n", "1: a key has letters and digits only, and then ="],
    ["[a b]\n", "1: a section's name has letters and digits only, and then ]"],
    ["[a] b\n", "1: something stands behind the ] of a section"],
    ['a="b\nc=d\n', '1: a value lacks its closing "'],
    ["a=C:\\Users\n", "1: \\U is no escape in a value"],
    ["a=b \\\r\nc\n", "1: \\\\r is no escape in a value"],
    ["a=\\", "1: \\at the end of the file is no escape in a value"],
    ["\n\n1=2\n", '3: a line begins with a letter, [ or #, not with "1"'],
    ["\udcff\udcfe[\0a\0]\0", "1: the file is UTF-16, which WSL does not read"],
    ["[\0a\0]\0", "1: the file is UTF-16, which WSL does not read"],
    ["\ufeff[a]\n", "1: the file begins with a byte order mark, which WSL takes for a part of its first line"],
  ])("%j", (text, expected) => {
    expect(stop(text)).toBe(expected);
  });

  it("what came before is kept", () => {
    expect(settings("[automount]\noptions=metadata\n?\n[user]\ndefault=me\n")).toEqual([
      "2 automount.options=metadata",
    ]);
  });
});

describe("properties", () => {
  const anything = fc
    .array(fc.constantFrom(...'[]=#;"\\ \t\r\nab1é\0\udcff\ufeff'), { maxLength: 60 })
    .map((characters) => characters.join(""));

  it("any text is read, without end or error, and each setting is where it says", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const { settings: all, stop: at } = parseWslConf(text);
        let from = 0;
        for (const { key, keyAt, valueAt, valueEnd, line } of all) {
          expect(keyAt).toBeGreaterThanOrEqual(from);
          expect(text.slice(keyAt, keyAt + key.length)).toBe(key);
          expect(valueEnd).toBeGreaterThanOrEqual(valueAt);
          expect(text.slice(0, keyAt).split("\n").length).toBe(line);
          from = valueEnd;
        }
        if (at !== undefined) expect(at.line).toBeLessThanOrEqual(text.split("\n").length);
      }),
      { numRuns: 3000 },
    );
  });

  it("what comes after a stop changes nothing", () => {
    fc.assert(
      fc.property(anything, anything, (head, tail) => {
        fc.pre(parseWslConf(`${head}\n?`).stop?.because.includes('not with "?"') === true);
        expect(parseWslConf(`${head}\n?${tail}`).settings).toEqual(parseWslConf(`${head}\n?`).settings);
      }),
    );
  });
});
