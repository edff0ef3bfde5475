// One rule, one file, one test, one page, one name.
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { allLintRules } from "../../src/lint/all.ts";
import { routeRules } from "../../src/route/suspect.ts";
import { allRules } from "../../src/rules/all.ts";

const ids = allRules.map(({ id }) => id).sort();
const lintIds = allLintRules.map(({ id }) => id).sort();
const named = (folder: string, suffix: string, others: readonly string[]): string[] =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .filter((name) => !others.includes(name))
    .sort();

it("no two rules share a name", () => {
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(lintIds).size).toBe(lintIds.length);
});

it("a rule that doctor and lint share is one rule to its reader", () => {
  const titles = new Map(allRules.map(({ id, title }) => [id, title]));
  const shared = allLintRules.filter(({ id }) => titles.has(id));
  expect(shared.map(({ title }) => title)).toEqual(shared.map(({ id }) => titles.get(id)));
});

it("each rule has a file, and each file but the lists a rule", () => {
  expect(named("../../src/rules/", ".ts", ["all", "contents", "entries", "machine", "modules", "rule"])).toEqual(ids);
  expect(named("../../src/lint/rules/", ".ts", [])).toEqual(lintIds);
});

it("each rule has a page, and each page a rule", () => {
  expect(named("../../docs/rules/", ".md", [])).toEqual(
    [...new Set([...ids, ...lintIds, ...routeRules.map(({ id }) => id)])].sort(),
  );
});

it("each rule has a test", () => {
  const tests = named("./", ".test.ts", []);
  expect(ids.filter((id) => !tests.includes(id))).toEqual([]);
  // Where several rules share a table, the file still says which one it is about.
  const read = (id: string) => readFileSync(new URL(`${id}.test.ts`, import.meta.url), "utf8");
  expect(ids.filter((id) => !read(id).includes(`("${id}", `))).toEqual([]);
  const lintTests = named("../lint/rules/", ".test.ts", []);
  expect(lintIds.filter((id) => !lintTests.includes(id))).toEqual([]);
});
