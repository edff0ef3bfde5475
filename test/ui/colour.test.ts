import { describe, expect, it } from "vitest";
import { type ColourFlag, colourEnabled, style } from "../../src/ui/colour.ts";

describe("colourEnabled", () => {
  const terminal = { isTTY: true };
  const pipe = {};
  const cases: [ColourFlag, Record<string, string>, { isTTY?: boolean }, boolean][] = [
    ["auto", {}, terminal, true],
    ["auto", {}, pipe, false],
    ["always", { NO_COLOR: "1", TERM: "dumb" }, pipe, true],
    ["never", { FORCE_COLOR: "1" }, terminal, false],
    ["auto", { NO_COLOR: "1" }, terminal, false],
    ["auto", { NO_COLOR: "" }, terminal, true],
    ["auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, terminal, false],
    ["auto", { FORCE_COLOR: "1" }, pipe, true],
    ["auto", { FORCE_COLOR: "0" }, terminal, false],
    ["auto", { FORCE_COLOR: "" }, pipe, false],
    ["auto", { FORCE_COLOR: "3", TERM: "dumb" }, pipe, true],
    ["auto", { CLICOLOR_FORCE: "1" }, pipe, true],
    ["auto", { CLICOLOR_FORCE: "0" }, pipe, false],
    ["auto", { TERM: "dumb" }, terminal, false],
    ["auto", { CI: "true", GITHUB_ACTIONS: "true" }, pipe, false],
  ];

  it.each(cases)("%s with %j on %j is %j", (flag, env, stream, expected) => {
    expect(colourEnabled(flag, env, stream)).toBe(expected);
  });
});

describe("style", () => {
  it("styles even what goes into a pipe, and leaves text alone when off", () => {
    expect(style(true)(["red", "bold"], "x")).toBe("\x1b[31m\x1b[1mx\x1b[22m\x1b[39m");
    expect(style(false)("red", "x")).toBe("x");
  });
});
