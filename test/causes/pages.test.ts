import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { causePages } from "../../scripts/cause-pages.ts";
import { categories } from "../../src/causes/cause.ts";

const directory = new URL("../../docs/causes/", import.meta.url);

describe("docs/causes", () => {
  it("has a page for each category, and no other", () => {
    expect(readdirSync(directory).sort()).toEqual(categories.map((category) => `${category}.md`).sort());
  });

  it.each([...causePages()])(
    "is what the rules say: run `npx tsx scripts/causes.ts` after a change: %s",
    (file, text) => {
      expect(readFileSync(new URL(file, directory), "utf8")).toBe(text);
    },
  );
});
