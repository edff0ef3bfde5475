import { describe, expect, it } from "vitest";
import { privatePatternDead as rule } from "../../src/rules/private-pattern-dead.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

const facts = (goEnv: Record<string, string>) => ({ goEnv });

describe("private-pattern-dead", () => {
  it.each(["", "git.test,*.corp.test/x", "git.test/,", "[ab].test"])("is silent with %j", (GOPRIVATE) =>
    expect(rule.check(healthyFacts(facts({ GOPRIVATE, GONOPROXY: GOPRIVATE })))).toEqual([]),
  );

  it("names the pattern and the variable once, and mends the list", () => {
    const list = "git.test, corp.test,[";
    const { message, count, fixes } = only(rule, facts({ GOPRIVATE: list, GONOPROXY: list, GONOSUMDB: list }));
    expect(message).toContain('" corp.test" of GOPRIVATE, "[" of GOPRIVATE matches no module');
    expect(count).toBe(2);
    expect(fixes.map(({ command }) => command)).toEqual(["go env -w GOPRIVATE=git.test,corp.test"]);
  });
});
