import { describe, expect, it } from "vitest";
import { goproxyMalformed as rule } from "../../src/rules/goproxy-malformed.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

const facts = (GOPROXY: string) => ({ goEnv: { GOPROXY } });

describe("goproxy-malformed", () => {
  it.each(["https://proxy.test,direct", "off", "direct", "proxy.test|direct", " https://proxy.test , direct ", ""])(
    "is silent with %j",
    (value) => expect(rule.check(healthyFacts(facts(value)))).toEqual([]),
  );

  it.each([
    ["company,direct", "invalid proxy URL missing scheme: company"],
    [",", "contains no entries"],
    ["ftp://proxy.test", "invalid proxy URL scheme"],
    ["https://user:secret@proxy.test\u0001,direct", "xxxxx"],
  ])("says what go says of %j", (value, words) => {
    const { message, severity } = only(rule, facts(value));
    expect(message).toContain(words);
    expect(message).not.toContain("secret");
    expect(severity).toBeUndefined();
  });

  it("warns of what is never asked", () => {
    const { message, severity } = only(rule, facts("direct,https://u:secret@proxy.test"));
    expect(message).toContain('never asks "https://u:xxxxx@proxy.test"');
    expect(severity).toBe("warning");
  });
});
