import { describe, expect, it } from "vitest";
import { gopathEqualsGoroot as rule } from "../../src/rules/gopath-equals-goroot.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("gopath-equals-goroot", () => {
  it.each([["/home/app/go"], ["/home/app/go:/usr/local/go"], [""]])("is silent on GOPATH=%s", (GOPATH) =>
    expect(rule.check(healthyFacts({ goEnv: { GOPATH } }))).toEqual([]),
  );

  it.each([["/usr/local/go"], ["/usr/local/go/"], ["/usr/local/go:/home/app/go"]])("fires on GOPATH=%s", (GOPATH) => {
    const finding = only(rule, { goEnv: { GOPATH } });
    expect(finding.message).toContain("are both /usr/local/go");
    expect(finding.fixes[0]?.command).toBe('go env -w GOPATH="$HOME/go"');
  });
});
