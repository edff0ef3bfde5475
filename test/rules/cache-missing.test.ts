import { describe, expect, it } from "vitest";
import { cacheMissing as rule } from "../../src/rules/cache-missing.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("cache-missing", () => {
  const missing = { cache: { state: "missing", creatable: { verdict: "yes" } } } as const;

  it("is silent when the cache exists", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("says that go will make it, and with which mode", () => {
    const finding = only(rule, missing);
    expect(finding.message).toBe(
      "/home/app/go/pkg/mod does not exist yet; app (1000) can create it, and go does so at the first download",
    );
    expect(finding.why).toContain("umask 0022 gives 0755");
    expect(finding.fixes[0]?.command).toBe("mkdir -p /home/app/go/pkg/mod");
  });

  it("leaves what cannot be created, and GOPROXY=off, to other rules", () => {
    expect(rule.check(healthyFacts({ cache: { state: "missing", creatable: { verdict: "no" } } }))).toEqual([]);
    expect(rule.check(healthyFacts({ ...missing, goEnv: { GOPROXY: "off" } }))).toEqual([]);
  });

  it("is blocked when the cache could not be looked at", () => {
    expect(rule.blocked?.(healthyFacts())).toBeUndefined();
    expect(rule.blocked?.(healthyFacts(missing))).toBeUndefined();
    expect(rule.blocked?.(healthyFacts({ cache: { state: "unseen", unseen: "/root may not be entered" } }))).toBe(
      "/home/app/go/pkg/mod could not be looked at: /root may not be entered",
    );
    const unknown = { verdict: "unknown", because: "a FUSE daemon decides" } as const;
    expect(rule.blocked?.(healthyFacts({ cache: { state: "missing", creatable: unknown } }))).toContain(
      "a FUSE daemon decides",
    );
  });
});
