import { describe, expect, it } from "vitest";
import { cacheOnNoexecMount as rule } from "../../src/rules/cache-on-noexec-mount.ts";
import { aMount, healthyFacts, only } from "./healthy-facts.ts";

describe("cache-on-noexec-mount", () => {
  const cache = { mount: aMount({ mountPoint: "/scratch", noexec: true }) };

  it("is silent on an ordinary mount", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("speaks of toolchains, not of modules", () => {
    const finding = only(rule, { cache });
    expect(finding.message).toContain("/scratch, which is mounted noexec");
    expect(finding.fixes[0]?.command).toBe("go env -w GOTOOLCHAIN=local");
  });

  it("is silent where go never switches toolchains", () => {
    expect(rule.check(healthyFacts({ cache, environment: { GOTOOLCHAIN: "local" } }))).toEqual([]);
    const version = { major: 1, minor: 20, text: "go1.20.14" };
    expect(rule.check(healthyFacts({ cache, go: { version } }))).toEqual([]);
  });
});
