import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FormatName, formatNames, isFormat, render } from "../../src/report/formats.ts";
import { hostileReport } from "./arbitrary.ts";
import { healthy, hostile, incomplete, linted, many, options } from "./fixture.ts";
import { parseXml } from "./xml.ts";

const dangerous = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\uffff]|\p{Cs}/u;

describe.each(formatNames)("%s", (format: FormatName) => {
  it("shows a report with everything in it", async () => {
    await expect(await render(hostile, format, options)).toMatchFileSnapshot(`__snapshots__/${format}`);
  });

  it.each([
    ["healthy", healthy],
    ["incomplete", incomplete],
  ])("has a verdict when %s", async (name, report) => {
    const text = await render(report, format, options);
    expect(text).toMatch(new RegExp(name, "i"));
    expect(text.endsWith("\n")).toBe(true);
  });

  it("lets no control character and no log command through", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, fc.boolean(), async (report, verbose) => {
        const text = await render(report, format, { ...options, verbose });
        expect(text).not.toMatch(dangerous);
        expect(text).not.toMatch(/##[a-z]*\[/i);
        if (format !== "github") expect(text).not.toMatch(/^\s*::|::(error|warning|notice|set-output)/im);
      }),
      { numRuns: 60 },
    );
  });
});

it.each(formatNames)("%s says where a finding of lint is written", async (format) => {
  await expect(await render(linted, format, options)).toMatchFileSnapshot(`__snapshots__/lint-${format}`);
});

it("knows a format by its name", () => {
  expect(isFormat("sarif")).toBe(true);
  expect(isFormat("toString")).toBe(false);
});

describe("github", () => {
  it("is nothing but workflow commands, ten at most, of any report", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, async (report) => {
        const lines = (await render(report, "github", options)).trimEnd().split("\n");
        expect(lines.length).toBeLessThanOrEqual(10);
        for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:,]*(,[a-zA-Z]+=[^:,]*)*::/);
      }),
      { numRuns: 60 },
    );
  });

  it("shows the nine worst and says how many more there are", async () => {
    const shuffled = { ...many(32), findings: many(32).findings.toReversed() };
    const lines = (await render(shuffled, "github", options)).trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^::error title=rule-0::/);
    expect(lines[9]).toMatch(/^::notice title=gomodcache doctor::And 23 more /);
    expect((await render(many(9), "github", options)).split("\n")[9]).not.toContain("more (");
  });
});

describe("junit", () => {
  it("is well-formed whatever the report, and counts its cases", async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, async (report) => {
        const elements = parseXml(await render(report, "junit", { ...options, passedRules: ["a-rule", "<b>"] }));
        const suite = elements.find(({ name }) => name === "testsuite");
        const of = (name: string): number => elements.filter((element) => element.name === name).length;
        expect(suite?.attributes["tests"]).toBe(String(of("testcase")));
        expect(suite?.attributes["failures"]).toBe(String(of("failure")));
        expect(suite?.attributes["skipped"]).toBe(String(of("skipped")));
      }),
      { numRuns: 100 },
    );
  });

  it("has one case a rule, and names the rules that passed if it is told", async () => {
    const names = parseXml(await render(hostile, "junit", { ...options, passedRules: ["good-rule", "other-rule"] }))
      .filter(({ name }) => name === "testcase")
      .map(({ attributes }) => attributes["name"]);
    expect(names).toEqual([
      "foreign-owner",
      "foreign-entry",
      "umask-too-strict",
      "acl-mask",
      "sticky-directory",
      "zip-missing",
      "good-rule",
      "other-rule",
    ]);
  });
});

describe("sarif", () => {
  const run = async (extra: object) => JSON.parse(await render(hostile, "sarif", { ...options, ...extra })).runs[0];

  it("links each rule to its page when the base is known", async () => {
    const [rule] = (await run({ docsBase: "https://example.com/project/" })).tool.driver.rules;
    expect(rule.helpUri).toBe("https://example.com/project/docs/rules/foreign-owner.md");
    expect((await run({})).tool.driver.rules[0]).not.toHaveProperty("helpUri");
  });

  it("gives the same cause the same fingerprint when only counts change, and each finding its own", async () => {
    const prints = async (report: typeof hostile): Promise<string[]> =>
      JSON.parse(await render(report, "sarif", options)).runs[0].results.map(
        (result: { partialFingerprints: Record<string, string> }) => result.partialFingerprints["gomodcache/v1"],
      );
    const [first] = hostile.findings;
    if (first === undefined) throw new Error("the fixture has findings");
    const fewer = { ...first, count: 12, message: first.message.replace("12,310", "12") };
    const before = await prints(hostile);
    expect((await prints({ ...hostile, findings: [fewer] }))[0]).toBe(before[0]);
    expect(new Set(before).size).toBe(before.length);
    expect(new Set(await prints({ ...hostile, findings: [first, first] })).size).toBe(2);
  });

  it("maps severities to levels, and each result to its rule", async () => {
    const { results, tool } = await run({});
    expect(results.map((result: { level: string }) => result.level)).toEqual(["error", "warning", "note"]);
    for (const result of results) expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
  });
});
