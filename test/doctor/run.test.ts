import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnose } from "../../src/doctor/run.ts";
import type { FindingDraft } from "../../src/finding/finding.ts";
import type { FactRule, ModuleRule } from "../../src/rules/rule.ts";
import { scratch } from "../tree/scratch.ts";
import { addModule, watchEntries } from "./cache.ts";
import { cacheFacts } from "./cache-facts.ts";

const draft: FindingDraft = { message: "something is wrong", paths: [], count: 1, fixes: [] };

function factRule(id: string, changes: Partial<FactRule> = {}): FactRule {
  return { id, severity: "error", title: id, looksAt: "facts", check: () => [draft], ...changes };
}

function smallCache(): string {
  const root = scratch();
  addModule(root, "example.com/a", "v1.0.0");
  return root;
}

test("findings are sorted by harm, and name their page and certainty", async () => {
  const report = await diagnose(cacheFacts(smallCache()), [
    factRule("mild", { severity: "advice" }),
    factRule("few"),
    factRule("many", { check: () => [{ ...draft, count: 5, confidence: "likely" }] }),
    factRule("fine", { check: () => [] }),
  ]);
  expect(report.findings.map(({ rule }) => rule)).toEqual(["many", "few", "mild"]);
  expect(report.findings[0]).toMatchObject({ severity: "error", confidence: "likely", docs: "docs/rules/many.md" });
  expect(report).toMatchObject({ verdict: "findings", passed: 1, skipped: [] });
  expect(report.context).toEqual(["GOMODCACHE from --cache-dir", "as uid 1000:1000"]);
});

test("a rule that throws is skipped with its reason, and the others are heard", async () => {
  const fail = (): never => {
    throw new Error("no luck");
  };
  const moduleRule: ModuleRule = {
    id: "module",
    severity: "error",
    title: "",
    looksAt: "modules",
    departs: fail,
    conclude: () => draft,
  };
  const report = await diagnose(cacheFacts(smallCache()), [
    factRule("facts", { check: fail }),
    factRule("blocking", { blocked: fail }),
    watchEntries({ id: "departs", departs: fail }).rule,
    watchEntries({ id: "conclude", departs: () => true, conclude: fail }).rule,
    moduleRule,
    watchEntries({ id: "works", departs: ({ kind }) => kind === "root" }).rule,
  ]);
  expect(report.findings.map(({ rule, count }) => [rule, count])).toEqual([["works", 1]]);
  const reason = "it failed, which is a bug: no luck";
  const expected = ["blocking", "conclude", "departs", "facts", "module"].map((rule) => ({ rule, reason }));
  expect([...report.skipped].sort((a, b) => (a.rule < b.rule ? -1 : 1))).toEqual(expected);
});

test("a blocked rule is not asked, and the verdict is incomplete", async () => {
  const { rule, seen } = watchEntries({ blocked: () => "no getfacl" });
  const report = await diagnose(cacheFacts(smallCache()), [rule]);
  expect(report).toMatchObject({
    verdict: "incomplete",
    skipped: [{ rule: "watch", reason: "no getfacl" }],
    passed: 0,
  });
  expect(seen).toEqual([]);
});

test("three examples are given, or all if asked", async () => {
  const root = scratch();
  for (let number = 0; number < 8; number += 1) writeFileSync(`${root}/${number}`, "");
  const { rule } = watchEntries({ departs: () => true, kinds: ["foreign"] });
  const short = await diagnose(cacheFacts(root), [rule]);
  expect(short.findings[0]).toMatchObject({ count: 8, severity: "warning" });
  expect(short.findings[0]?.paths).toHaveLength(3);
  const long = await diagnose(cacheFacts(root), [rule], { verbose: true });
  expect(long.findings[0]?.paths.map(({ path }) => path).sort()).toEqual(
    [..."01234567"].map((name) => `${root}/${name}`),
  );
});

test("a healthy cache is healthy, and its entries are counted", async () => {
  const report = await diagnose(cacheFacts(smallCache()), [watchEntries().rule]);
  expect(report).toMatchObject({ command: "doctor", verdict: "healthy", passed: 1, stats: { entries: 17 } });
});

test("without a cache there is nothing to walk, which is no reason to doubt", async () => {
  const facts = cacheFacts(scratch());
  const missing = { ...facts, cache: { ...facts.cache, realPath: "/nowhere", state: "missing" as const } };
  const blocked = watchEntries({ blocked: () => "something else decides" }).rule;
  expect(await diagnose(missing, [blocked])).toMatchObject({ verdict: "healthy", stats: { entries: 0 } });
  const unseen = { ...missing, cache: { ...missing.cache, state: "unseen" as const, unseen: "EACCES" } };
  expect(await diagnose(unseen, [])).toMatchObject({
    verdict: "incomplete",
    skipped: [{ rule: "walk", reason: "EACCES" }],
  });
});

test("a cache that goes away before the walk is not called healthy", async () => {
  const facts = cacheFacts(scratch());
  const gone = { ...facts, cache: { ...facts.cache, realPath: `${facts.cache.realPath}/gone` } };
  expect((await diagnose(gone, [])).verdict).toBe("incomplete");
});

test("ACLs that cannot be read make the verdict incomplete, once", async () => {
  const unseen = "getfacl is not installed";
  const facts = cacheFacts(smallCache(), { acls: { unseen } });
  expect((await diagnose(facts, [])).skipped).toEqual([{ rule: "acls", reason: unseen }]);
  const rule = watchEntries({ id: "mask", blocked: () => unseen }).rule;
  expect((await diagnose(facts, [rule])).skipped).toEqual([{ rule: "mask", reason: unseen }]);
});

test("progress is told, and a signal ends the walk", async () => {
  const told: number[] = [];
  await diagnose(cacheFacts(smallCache()), [], { onProgress: (entries) => told.push(entries) });
  expect(told.at(-1)).toBe(17);
  const stop = new AbortController();
  const work = diagnose(cacheFacts(smallCache()), [], { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(work).rejects.toThrow(/abort/i);
});

test("the report shows bytes that are not UTF-8", async () => {
  const root = scratch();
  mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0xff)]));
  chmodSync(root, 0o755);
  const { rule } = watchEntries({ departs: ({ kind }) => kind === "directory" });
  const report = await diagnose(cacheFacts(root), [rule]);
  expect(report.findings[0]?.paths[0]?.path).toBe(`${root}/\\xff`);
});
