import { describe, expect, it } from "vitest";
import { cacheNotCreatable as rule } from "../../src/rules/cache-not-creatable.ts";
import { aDirectory, aMount, aPlace, aSubject, healthyFacts, only } from "./healthy-facts.ts";

describe("cache-not-creatable", () => {
  const refused = { verdict: "no", at: "/go", because: "others have r-x" } as const;
  const changes = { cache: { path: "/go/pkg/mod", state: "missing", creatable: refused } } as const;

  it("is silent when the cache exists or can be created", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts({ cache: { state: "missing", creatable: { verdict: "yes" } } }))).toEqual([]);
  });

  it("names who is refused by what, and makes the one directory", () => {
    const finding = only(rule, changes);
    expect(finding.message).toContain("app (1000) cannot create it");
    expect(finding.why).toBe("/go: others have r-x");
    expect(finding.fixes[0]?.command).toBe("sudo install -d -m 0755 -o 1000 -g 1000 /go/pkg/mod");
    expect(finding.fixes[1]?.command).toBe('go env -w GOMODCACHE="$HOME/go/pkg/mod"');
  });

  it("needs no sudo in front of root, and says as whom to set what", () => {
    const root = aSubject({ uid: 0, gid: 0 });
    const { fixes } = only(rule, { ...changes, self: root, subject: { self: false } });
    expect(fixes[0]?.command).toMatch(/^install /);
    expect(fixes[1]?.title).toBe("Use a module cache of your own (run it as app (1000))");
  });

  it("exports what the environment sets, since go env -w would not override it", () => {
    const environment = { HOME: "/home/app", GOMODCACHE: "/go/pkg/mod" };
    expect(only(rule, { ...changes, environment }).fixes[1]?.command).toBe('export GOMODCACHE="$HOME/go/pkg/mod"');
  });

  it("leaves a read-only mount and a broken HOME to their rules", () => {
    const mount = aMount({ readOnly: true });
    expect(rule.check(healthyFacts({ cache: { ...changes.cache, mount } }))).toEqual([]);
    const creatable = { verdict: "no", at: "/", because: "others have r-x" } as const;
    const home = aPlace("HOME", "/home/app", { entry: "absent", writable: creatable });
    const cache = { state: "missing", creatable } as const;
    expect(rule.check(healthyFacts({ cache, places: [home] }))).toEqual([]);
    const writableHome = aPlace("HOME", "/home/app", { entry: aDirectory() });
    const below = { ...creatable, at: "/home/app/go" };
    expect(rule.check(healthyFacts({ cache: { ...cache, creatable: below }, places: [writableHome] }))).toHaveLength(1);
  });
});
