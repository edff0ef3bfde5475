import { describe, expect, it } from "vitest";
import { found } from "../found.ts";

const rule = "gitattributes-permissions";
const lines = (text: string): (number | undefined)[] =>
  found(rule, ".gitattributes", text).map(({ location }) => location?.line);

describe(rule, () => {
  it.each([
    ["an attribute that git does not know", "*.sh text mode=0755\n", [1]],
    ["of several", "* text=auto\n.cache/** permissions=755 -text\n", [2]],
    ["a comment that promises it", "# permissions of the cache: 755\n.cache/** -text\n", [2]],
    ["Windows line ends", "* text=auto\r\nbin/* executable\r\n", [2]],
  ])("%s", (_, text, expected) => expect(lines(text)).toEqual(expected));

  it.each([
    ["what attributes are for", "* text=auto\n*.png binary\n*.go diff=golang\nvendor/** linguist-vendored\n"],
    ["caches left out of archives", "# not in archives\n.cache/** export-ignore\n"],
    ["a comment that knows better", "# attributes cannot set permissions\n.cache/** -text\n"],
    ["a comment about something else", "# scripts keep mode 755 in the index\n*.sh eol=lf\n"],
  ])("is silent: %s", (_, text) => expect(lines(text)).toEqual([]));
});
