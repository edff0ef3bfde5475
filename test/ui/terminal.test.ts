import { describe, expect, it } from "vitest";
import { terminalWidth, unicodeLocale } from "../../src/ui/terminal.ts";

describe("terminalWidth", () => {
  it.each([
    [{ isTTY: true, columns: 100 }, 100],
    [{ isTTY: true }, 80],
    [{ isTTY: true, columns: 3 }, 40],
    [{ columns: 50 }, 120],
    [{}, 120],
  ])("of %j is %i", (stream, expected) => {
    expect(terminalWidth(stream)).toBe(expected);
  });
});

describe("unicodeLocale", () => {
  it.each([
    [{ LANG: "en_US.UTF-8" }, true],
    [{ LANG: "C.utf8" }, true],
    [{ LANG: "C" }, false],
    [{}, false],
    [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, false],
    [{ LANG: "C", LC_CTYPE: "de_DE.UTF-8" }, true],
    [{ LC_ALL: "", LANG: "de_DE.UTF-8" }, true],
  ])("%j is %j", (env, expected) => {
    expect(unicodeLocale(env)).toBe(expected);
  });
});
