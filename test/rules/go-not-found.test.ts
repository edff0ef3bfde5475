import { describe, expect, it } from "vitest";
import { goNotFound as rule } from "../../src/rules/go-not-found.ts";
import { healthyFacts } from "./healthy-facts.ts";

describe("go-not-found", () => {
  it("is silent when go is there", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("says which cache is meant then", () => {
    const { go, ...facts } = healthyFacts();
    const [finding] = rule.check({ ...facts, go: { env: go.env, source: "defaults" } });
    expect(finding?.message).toContain("GOMODCACHE is taken to be /home/app/go/pkg/mod");
  });
});
