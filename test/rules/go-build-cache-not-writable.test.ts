import { describe, expect, it } from "vitest";
import { goBuildCacheNotWritable as rule } from "../../src/rules/go-build-cache-not-writable.ts";
import { aDirectory, aMount, aPlace, healthyFacts, only } from "./healthy-facts.ts";

describe("go-build-cache-not-writable", () => {
  const path = "/home/app/.cache/go-build";
  const refused = { verdict: "no", at: path, because: "others have r-x" } as const;
  const ofRoot = aDirectory({ uid: 0, gid: 0 });

  it("is silent on a writable build cache", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("gives back what root left in the user's home", () => {
    const finding = only(rule, { places: [aPlace("GOCACHE", path, { entry: ofRoot, writable: refused })] });
    expect(finding.why).toContain(`${path}: others have r-x`);
    expect(finding.fixes.map(({ command }) => command)).toEqual([
      `sudo chown -R -h 1000:1000 ${path}`,
      'go env -w GOCACHE="$HOME/.cache/go-build-own"',
    ]);
  });

  it("does not take away what is another user's", () => {
    const writable = { ...refused, at: "/var/go-build" };
    const place = aPlace("GOCACHE", "/var/go-build", { entry: aDirectory({ uid: 2000 }), writable });
    expect(only(rule, { places: [place] }).fixes.map(({ command }) => command)).toEqual([
      'go env -w GOCACHE="$HOME/.cache/go-build"',
    ]);
  });

  it("uses a temporary directory where the mount is read-only", () => {
    const mount = aMount({ readOnly: true });
    const place = aPlace("GOCACHE", path, { entry: "absent", writable: { ...refused, at: "/mnt" }, mount });
    expect(only(rule, { places: [place] }).fixes.map(({ command }) => command)).toEqual([
      'export GOCACHE="$(mktemp -d)"',
    ]);
  });

  it("is blocked when nobody can tell, and leaves a broken HOME to its rule", () => {
    const unknown = aPlace("GOCACHE", path, { writable: { verdict: "unknown", because: "a daemon decides" } });
    expect(rule.blocked?.(healthyFacts({ places: [unknown] }))).toContain("a daemon decides");
    expect(rule.blocked?.(healthyFacts())).toBeUndefined();
    const homeless = aPlace("GOCACHE", path, { entry: "absent", writable: { ...refused, at: "/home" } });
    expect(rule.check(healthyFacts({ places: [homeless] }))).toEqual([]);
  });
});
