import { describe, expect, it } from "vitest";
import { columns } from "../../src/report/layout.ts";
import { text } from "../../src/report/text.ts";
import { healthy, hostile, incomplete, options } from "./fixture.ts";

/** Lines that may be too wide: paths, commands, a word that no break makes fit, and the verdict, which stands alone. */
const mayOverflow = (line: string, width: number): boolean =>
  line.includes("/go/pkg/mod") ||
  / {4}(fix|or|more) /.test(line) ||
  line
    .trim()
    .split(/ +/)
    .some((word) => columns(word) > width - 10);

describe.each([40, 80, 120])("at %i columns", (width) => {
  it.each([
    ["plain", {}],
    ["unicode", { unicode: true }],
    ["verbose", { verbose: true }],
  ])("looks right, %s", async (name, extra) => {
    const output = text(hostile, { ...options, width, ...extra });
    await expect(output).toMatchFileSnapshot(`__snapshots__/text-${width}-${name}`);
    const lines = output.trimEnd().split("\n").slice(0, -1);
    expect(lines.filter((line) => columns(line) > width && !mayOverflow(line, width))).toEqual([]);
  });
});

describe("colour", () => {
  const plain = (output: string): string => output.replaceAll(/\x1b\[\d+m/g, "");

  it("adds nothing but colour", async () => {
    const coloured = text(hostile, { ...options, colour: true });
    expect(plain(coloured)).toBe(text(hostile, options));
    await expect(coloured.replaceAll("\x1b", "ESC")).toMatchFileSnapshot("__snapshots__/text-colour");
  });

  it("is closed on every line, so that nothing bleeds", () => {
    for (const line of text(hostile, { ...options, colour: true, verbose: true }).split("\n")) {
      const count = (pattern: RegExp): number => [...line.matchAll(pattern)].length;
      expect(count(/\x1b\[(1|2|3[1-7])m/g)).toBe(count(/\x1b\[(22|39)m/g));
    }
  });
});

describe("the amount", () => {
  it("is, when quiet, the errors' first lines and the verdict", () => {
    expect(text(hostile, { ...options, width: 120, quiet: true })).toBe(
      [
        "x error  foreign-owner  12,310 files belong to root, so app (1000) cannot update them",
        "1 error, 1 warning, 1 advice, 3 skipped, 35 passed: 41,203 entries in 0.4 s. Fixable: 2",
        "",
      ].join("\n"),
    );
    expect(text(healthy, { ...options, quiet: true })).toBe("Healthy: 41,203 entries, 38 checks, 0.4 s\n");
  });

  it("is all that the report holds when verbose, and the rest is still counted", () => {
    const output = text(hostile, { ...options, verbose: true });
    expect(output).toContain("golang.org/x/mod/@v");
    expect(output).toContain("    and 12,306 more\n");
    expect(output).not.toContain("--verbose");
  });

  it("says nothing of more paths where a finding has none", () => {
    const [, , advice] = hostile.findings;
    if (advice === undefined) throw new Error("the fixture has three findings");
    expect(text({ ...hostile, findings: [{ ...advice, count: 7 }] }, options)).not.toContain("and 7 more");
  });
});

it("names the rules that were skipped for one reason together", () => {
  expect(text(incomplete, options)).toBe(
    [
      "gomodcache 1.2.3  /go/pkg/mod  (GOMODCACHE from go env)",
      "",
      "- skipped  a-rule, b-rule and 2 more  the cache could not be read",
      "",
      "Incomplete: 4 skipped, 34 passed: 41,203 entries in 0.4 s",
      "",
    ].join("\n"),
  );
  expect(text(incomplete, { ...options, verbose: true })).toContain("a-rule, b-rule, c-rule, d-rule");
});

it("uses ASCII symbols of its own where the locale is not UTF-8", () => {
  const { findings, ...rest } = hostile;
  const ascii = text({ ...rest, findings: findings.slice(0, 1) }, options);
  expect(ascii).toMatch(/^[\x20-\x7e\n]*$/);
});
