import { describe, expect, it } from "vitest";
import { goNotAnswering as rule } from "../../src/rules/go-not-answering.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("go-not-answering", () => {
  it("is silent when go answered", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("passes on why it was not asked", () => {
    const go = {
      source: "defaults",
      problem: "go env did not answer within 5 s",
      program: "/opt/my go/bin/go",
    } as const;
    const finding = only(rule, { go });
    expect(finding.why).toBe("go env did not answer within 5 s");
    expect(finding.fixes[0]?.command).toBe(`gomodcache doctor --cache-dir "$('/opt/my go/bin/go' env GOMODCACHE)"`);
  });
});
