// Which rules fire on caches that nobody damaged: only those that a user of such a cache should hear.
import { describe, expect, test } from "vitest";
import type { Facts } from "../../src/facts/facts.ts";
import type { Severity } from "../../src/finding/finding.ts";
import { entryRules } from "../../src/rules/entries.ts";
import { moduleAccessRules, moduleRules } from "../../src/rules/modules.ts";
import {
  type Cache,
  cacheOf,
  devsAcl,
  dir,
  factsFor,
  fetchModule,
  record,
  run,
  runModules,
  subject,
} from "./sample-cache.ts";

function findings(cache: Cache, facts: Facts): [string, Severity][] {
  return entryRules.flatMap((rule): [string, Severity][] => {
    const draft = run(rule, cache.entries, facts);
    return draft === undefined ? [] : [[rule.id, draft.severity ?? rule.severity]];
  });
}

function shared(umask: number, root = dir(0o2775, { gid: 3000 })): Cache {
  const cache = cacheOf(subject(1000, { umask }), root);
  fetchModule(cache, subject(1001, { umask }), "beta");
  return cache;
}

const writable = (facts: Facts): Facts => ({ ...facts, cache: { ...facts.cache, writable: { verdict: "yes" } } });

describe("a cache of one user", () => {
  test.each([0o022, 0o027, 0o077])("umask %o: nothing to say to the owner", (umask) => {
    const cache = cacheOf(subject(1000, { umask }), dir(0o777 & ~umask));
    expect(findings(cache, writable(factsFor(subject(1000), cache.root)))).toEqual([]);
  });

  test("umask 002 with a private group: nothing to say", () => {
    const cache = cacheOf(subject(1000, { umask: 0o002 }), dir(0o775));
    expect(findings(cache, writable(factsFor(subject(1000), cache.root)))).toEqual([]);
  });

  test("nothing to say to root, who has all capabilities", () => {
    const cache = cacheOf(subject(1000, { umask: 0o077 }), dir(0o700));
    expect(findings(cache, writable(factsFor(subject(0), cache.root)))).toEqual([]);
  });

  test("-modcacherw is advice", () => {
    const cache = cacheOf(subject(1000), dir(0o755), true);
    expect(findings(cache, writable(factsFor(subject(1000), cache.root)))).toEqual([
      ["extracted-directory-owner-writable", "advice"],
    ]);
  });

  test("umask 077: another user cannot enter, and that is one finding", () => {
    const cache = cacheOf(subject(1000, { umask: 0o077 }), dir(0o700));
    const below = cache.entries.map((at) =>
      at.kind === "root" ? at : { ...at, reachable: { verdict: "no" as const } },
    );
    expect(findings({ ...cache, entries: below }, factsFor(subject(1002), cache.root))).toEqual([
      ["entry-not-readable-by-subject", "error"],
    ]);
  });
});

describe("a store that one user writes and others read", () => {
  test("its readers hear nothing about its entries", () => {
    const cache = cacheOf(subject(0), dir(0o755, { uid: 0, gid: 0 }));
    expect(findings(cache, factsFor(subject(1002), cache.root))).toEqual([]);
  });
});

describe("a cache of a group", () => {
  const sharing: [string, Severity] = ["shared-writable-cache", "warning"];

  test("setgid and umask 002: only that members can run code as each other", () => {
    const cache = shared(0o002);
    expect(findings(cache, writable(factsFor(subject(1001), cache.root)))).toEqual([sharing]);
  });

  test.each([0o022, 0o077])("default ACL and umask %o: only that members can run code as each other", (umask) => {
    const root = dir(0o2775, { gid: 3000, acl: devsAcl, defaultAcl: devsAcl });
    const cache = shared(umask, root);
    expect(findings(cache, writable(factsFor(subject(1001), cache.root)))).toEqual([sharing]);
  });

  test("setgid and umask 022: the share decays, and the other member is told first what fails", () => {
    const cache = shared(0o022);
    expect(findings(cache, writable(factsFor(subject(1001), cache.root)))).toEqual([
      ["entry-not-writable-by-subject", "error"],
      sharing,
      ["setgid-without-acl", "warning"],
    ]);
  });
});

test("a complete module and an extracted-less one depart from no rule about modules", () => {
  const facts = factsFor(subject(1000), dir(0o755));
  const toolchain = record({ mod: undefined, info: undefined }, { module: "golang.org/toolchain" });
  const graphOnly = record({ zip: undefined, ziphash: undefined, lock: undefined }, { extracted: undefined });
  const records = [record(), record({}, { extracted: undefined }), record({ zip: undefined }), toolchain, graphOnly];
  expect(
    [...moduleRules, ...moduleAccessRules].flatMap((rule) =>
      runModules(rule, records, facts) === undefined ? [] : [rule.id],
    ),
  ).toEqual([]);
});

test("every rule has an id of its own, and no rule is without title", () => {
  const rules = [...entryRules, ...moduleRules, ...moduleAccessRules];
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  expect(rules.filter(({ title }) => title === "")).toEqual([]);
});
