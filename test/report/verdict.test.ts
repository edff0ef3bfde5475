import { describe, expect, it } from "vitest";
import type { Report } from "../../src/finding/finding.ts";
import { examples, ownership, verdictLine } from "../../src/report/verdict.ts";
import { healthy, hostile, incomplete } from "./fixture.ts";

describe("verdictLine", () => {
  const [error, warning] = hostile.findings as [Report["findings"][0], Report["findings"][0]];
  const found = (findings: Report["findings"], extra: Partial<Report> = {}): Report => ({
    ...healthy,
    verdict: "findings",
    findings,
    ...extra,
  });

  it.each([
    ["a healthy cache", healthy, "Healthy: 41,203 entries, 38 checks, 0.4 s"],
    ["an incomplete look", incomplete, "Incomplete: 4 skipped, 34 passed: 41,203 entries in 0.4 s"],
    [
      "one error",
      found([{ ...error, fixes: [] }], { passed: 1, stats: { entries: 1, seconds: 0 } }),
      "1 error, 1 passed: 1 entry in 0.0 s",
    ],
    [
      "two errors, one warning, one of them fixable",
      found([{ ...error, fixes: [] }, { ...error, fixes: [] }, warning]),
      "2 errors, 1 warning, 38 passed: 41,203 entries in 0.4 s. Fixable: 1 (commands above)",
    ],
  ])("tells %s", (_, report, expected) => {
    expect(verdictLine(report, true)).toBe(expected);
  });

  it("does not point at commands that were not shown", () => {
    expect(verdictLine(hostile, false)).toMatch(/Fixable: 2$/);
  });
});

describe("examples", () => {
  const [first] = hostile.findings as [Report["findings"][0]];

  it("are three, or all that the report holds", () => {
    expect(examples(first, false)).toMatchObject({ shown: { length: 3 }, more: 12307 });
    expect(examples(first, true)).toMatchObject({ shown: { length: 4 }, more: 12306 });
  });

  it("are never fewer than none", () => {
    expect(examples({ ...first, count: 1 }, false).more).toBe(1);
    expect(examples({ ...first, paths: [], count: 5 }, false)).toEqual({ shown: [], more: 0 });
  });
});

it("says nothing about the owner of what does not exist", () => {
  expect(ownership({ owner: "", group: "" })).toBe("");
  expect(ownership({ owner: "app", group: "3000" })).toBe("app:3000");
});
