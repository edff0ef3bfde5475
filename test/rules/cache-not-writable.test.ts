import { describe, expect, it } from "vitest";
import { cacheNotWritable as rule } from "../../src/rules/cache-not-writable.ts";
import { aDirectory, aMount, healthyFacts, only } from "./healthy-facts.ts";

describe("cache-not-writable", () => {
  const refused = { verdict: "no", at: "/srv/go", because: "others have r-x" } as const;
  const entry = aDirectory({ uid: 0, gid: 0 });
  const cache = { path: "/srv/go", realPath: "/srv/go", writable: refused, entry };
  const project = { directory: "/src/app", modules: 3 };

  it("is silent on a writable cache and on a read-only mount, which has its own rule", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts({ cache: { ...cache, mount: aMount({ readOnly: true }) } }))).toEqual([]);
  });

  it("is silent where the user cannot even enter the cache, which is told by entry-not-readable-by-subject", () => {
    expect(rule.check(healthyFacts({ cache: { ...cache, entry: { ...entry, mode: 0o700 } } }))).toEqual([]);
  });

  it("warns that only what is complete works, and offers to read it as a proxy", () => {
    const finding = only(rule, { cache });
    expect(finding.severity).toBe("warning");
    expect(finding.message).toContain("go get and go mod download of anything else fail");
    expect(finding.fixes.map(({ command }) => command)).toEqual([
      'go env -w GOMODCACHE="$HOME/go/pkg/mod"',
      'go env -w GOMODCACHE="$HOME/go/pkg/mod" && go env -w GOPROXY=file:///srv/go/cache/download,"$(go env GOPROXY)"',
    ]);
  });

  it.each([
    ["an empty cache", { cache: { ...cache, entry: { ...entry, links: 2 } } }, "error", "it is empty"],
    ["a project that lacks modules", { cache, project: { ...project, complete: false } }, "error", "/src/app"],
    ["a complete project", { cache, project: { ...project, complete: true } }, "advice", "builds work"],
  ])("weighs %s", (_, changes, severity, words) => {
    const finding = only(rule, changes);
    expect(finding.severity).toBe(severity);
    expect(finding.message).toContain(words);
  });

  it("gives back what root left in the user's home", () => {
    const inHome = { writable: { ...refused, at: "/home/app/go/pkg/mod" }, entry };
    expect(only(rule, { cache: inHome }).fixes.map(({ command }) => command)).toEqual([
      "sudo chown -R -h 1000:1000 /home/app/go/pkg/mod",
      'go env -w GOMODCACHE="$HOME/.cache/go-mod"',
      expect.stringContaining("GOPROXY="),
    ]);
  });

  it("is blocked when nobody can tell", () => {
    const writable = { verdict: "unknown", because: "root_squash may apply" } as const;
    expect(rule.blocked?.(healthyFacts({ cache: { writable } }))).toContain("root_squash may apply");
    expect(rule.blocked?.(healthyFacts())).toBeUndefined();
  });
});
