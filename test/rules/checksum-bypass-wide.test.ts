import { describe, expect, it } from "vitest";
import { checksumBypassWide as rule } from "../../src/rules/checksum-bypass-wide.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("checksum-bypass-wide", () => {
  it.each([
    ["nothing", {}],
    ["an own host", { GOPRIVATE: "git.example.com", GONOSUMDB: "git.example.com" }],
    ["one organisation", { GONOSUMDB: "github.com/acme/*,*.corp.example.com" }],
    ["a private top level", { GONOSUMDB: "*.internal/*" }],
    ["a database that is off anyway", { GONOSUMDB: "*", GOSUMDB: "off" }],
  ])("is silent on %s", (_, goEnv) => expect(rule.check(healthyFacts({ goEnv }))).toEqual([]));

  it.each(["*", "*.com", "github.com", "github.com/", "github.com/*", "git*.com/*/*", "g[h-j]thub.com"])(
    "fires on %s",
    (pattern) => {
      const finding = only(rule, { goEnv: { GONOSUMDB: `git.example.com,${pattern}` } });
      expect(finding).toMatchObject({ count: 1, message: expect.stringContaining(`GONOSUMDB contains "${pattern}"`) });
    },
  );

  it("blames GOPRIVATE when GONOSUMDB comes from it", () => {
    const finding = only(rule, { goEnv: { GOPRIVATE: "*", GONOSUMDB: "*" } });
    expect(finding.message).toContain("GOPRIVATE contains");
    expect(finding.fixes[0]?.command).toBe("go env -u GOPRIVATE; go env -w GOPRIVATE='git.example.com/*'");
  });

  it("looks at GONOSUMDB alone when it narrows GOPRIVATE", () => {
    expect(rule.check(healthyFacts({ goEnv: { GOPRIVATE: "*", GONOSUMDB: "git.example.com" } }))).toEqual([]);
  });
});
