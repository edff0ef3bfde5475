import { describe, expect, it } from "vitest";
import { goBuildCacheForeign as rule } from "../../src/rules/go-build-cache-foreign.ts";
import { aDirectory, aPlace, healthyFacts, only, rootSubject } from "./healthy-facts.ts";

describe("go-build-cache-foreign", () => {
  const place = aPlace("GOCACHE", "/var/go-build", { entry: aDirectory({ uid: 2000, mode: 0o777 }) });

  it("is silent on a build cache of one's own", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("is silent when it cannot be written, which another rule tells", () => {
    const closed = { ...place, writable: { verdict: "no" } as const };
    expect(rule.check(healthyFacts({ places: [closed] }))).toEqual([]);
  });

  it("warns of an owner who can change the builds", () => {
    const finding = only(rule, { places: [place] });
    expect(finding.message).toContain("belongs to uid 2000, but app (1000) builds with it");
    expect(finding.fixes[0]?.command).toBe('go env -w GOCACHE="$HOME/.cache/go-build"');
  });

  it("leaves root under sudo to sudo-without-home", () => {
    const asRoot = { self: rootSubject, subject: { subject: rootSubject }, places: [place] };
    expect(rule.check(healthyFacts(asRoot))).toHaveLength(1);
    expect(rule.check(healthyFacts({ ...asRoot, sudo: { uid: 2000, gid: 2000, user: "ops" } }))).toEqual([]);
  });
});
