import { describe, expect, it } from "vitest";
import { sudoWithoutHome as rule } from "../../src/rules/sudo-without-home.ts";
import { aDirectory, aPlace, healthyFacts, only, rootSubject } from "./healthy-facts.ts";

describe("sudo-without-home", () => {
  const sudo = { uid: 1000, gid: 1000, user: "app" };
  const asRoot = { self: rootSubject, subject: { subject: rootSubject, name: "root", home: "/root" }, sudo };
  const roots = aDirectory({ uid: 0, gid: 0 });
  const buildCache = aPlace("GOCACHE", "/root/.cache/go-build", { entry: roots });

  it("is silent without sudo, and when sudo changed to an ordinary user", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts({ sudo: { uid: 2000, gid: 2000, user: "ops" } }))).toEqual([]);
  });

  it("is silent when root has its own directories, and when another user is asked about", () => {
    const home = aPlace("HOME", "/root", { entry: roots });
    const own = { cache: { path: "/root/go/pkg/mod", entry: roots }, places: [home, buildCache] };
    expect(rule.check(healthyFacts({ ...asRoot, ...own, environment: { HOME: "/root" } }))).toEqual([]);
    expect(rule.check(healthyFacts({ self: rootSubject, subject: { self: false }, sudo }))).toEqual([]);
  });

  it("tells that sudo kept HOME", () => {
    const finding = only(rule, asRoot);
    expect(finding.count).toBe(2);
    expect(finding.why).toBe("sudo kept HOME=/home/app, and go derives its directories from it");
    expect(finding.fixes[0]?.command).toBe("sudo -u app -H go build ./...");
  });

  it("tells that a setting names the caller's cache although HOME is root's", () => {
    const home = aPlace("HOME", "/root", { entry: roots });
    const finding = only(rule, { ...asRoot, environment: { HOME: "/root" }, places: [home, buildCache] });
    expect(finding.paths.map(({ path }) => path)).toEqual(["/home/app/go/pkg/mod"]);
    expect(finding.why).toContain("HOME is /root, but");
  });

  it("counts caches that root is about to make in the caller's home", () => {
    const missing = aPlace("GOCACHE", "/home/app/.cache/go-build", { entry: "absent" });
    expect(only(rule, { ...asRoot, cache: { entry: roots }, places: [missing] }).count).toBe(1);
  });
});
