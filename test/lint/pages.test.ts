// Each lint rule has a page that says what the rule says, and when to ignore it.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allLintRules } from "../../src/lint/all.ts";
import { allRules } from "../../src/rules/all.ts";

const doctors = new Set(allRules.map(({ id }) => id));

describe.each(allLintRules)("the page of $id", ({ id, severity }) => {
  const page = readFileSync(new URL(`../../docs/rules/${id}.md`, import.meta.url), "utf8");
  const lines = page.split("\n");
  const shared = doctors.has(id);

  test("starts with the id and a table that agrees with the rule", () => {
    expect(lines[0]).toBe(`# ${id}`);
    const cells = lines[4]?.split("|").map((cell) => cell.trim()) ?? [];
    expect(cells[1]?.split(" or ")).toContain(severity);
  });

  test("has all its parts, something to copy, and the length of a page", () => {
    const parts = lines.filter((line) => line.startsWith("## ")).map((line) => line.slice(3));
    if (shared) expect(parts.at(-1)).toBe("In files");
    else {
      expect(parts.filter((part) => part !== "How it happens")).toEqual([
        "What it means",
        "Why it hurts",
        "How to fix it",
        "When to ignore it",
      ]);
    }
    if (!id.startsWith("ignore-")) expect(page).toMatch(/```(sh|dockerfile|yaml)\n/);
    // No rule about a single file is without an example of its ignore.
    if (!/^(ignore|cache)-/.test(id)) expect(page).toMatch(new RegExp(`(#|//) gomodcache ignore=${id} `));
    expect(lines.length).toBeLessThanOrEqual(75);
  });
});
