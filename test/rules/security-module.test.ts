import { describe, expect, it } from "vitest";
import { securityModule as rule } from "../../src/rules/security-module.ts";
import { healthyFacts } from "./healthy-facts.ts";

describe("security-module", () => {
  it("looks where it can", () => expect(rule.blocked?.(healthyFacts())).toBeUndefined());

  it("says that it did not look, and finds nothing", () => {
    const facts = healthyFacts({ securityModule: "SELinux enforces" });
    expect(rule.blocked?.(facts)).toContain("SELinux enforces");
    expect(rule.check(facts)).toEqual([]);
  });
});
