// Each rule about entries, module versions and their contents has a page that says what the rule says.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contentRules } from "../../src/rules/contents.ts";
import { entryRules } from "../../src/rules/entries.ts";
import { moduleAccessRules, moduleRules } from "../../src/rules/modules.ts";

describe.each([...entryRules, ...moduleRules, ...moduleAccessRules, ...contentRules])(
  "the page of $id",
  ({ id, severity, looksAt }) => {
    const page = readFileSync(new URL(`../../docs/rules/${id}.md`, import.meta.url), "utf8");
    const lines = page.split("\n");

    test("starts with the id and a table that agrees with the rule", () => {
      expect(lines[0]).toBe(`# ${id}`);
      const cells = lines[4]?.split("|").map((cell) => cell.trim()) ?? [];
      expect(cells[1]?.split(" or ")).toContain(severity);
      expect(cells[2]).toBe({ entries: "entries", modules: "module versions", contents: "module contents" }[looksAt]);
    });

    test("has all its parts, a command, and the length of a page", () => {
      expect(lines.filter((line) => line.startsWith("## "))).toEqual([
        "## What it means",
        "## Why it hurts",
        "## How it happens",
        "## How to fix it",
        "## Example",
      ]);
      expect(page).toContain("```sh\n");
      expect(lines.length).toBeGreaterThanOrEqual(25);
      expect(lines.length).toBeLessThanOrEqual(70);
    });
  },
);
