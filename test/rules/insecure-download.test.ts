import { describe, expect, it } from "vitest";
import { insecureDownload as rule } from "../../src/rules/insecure-download.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("insecure-download", () => {
  it("is silent without such settings", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts({ goEnv: { GOFLAGS: "-mod=mod -insecure=false" } }))).toEqual([]);
  });

  it.each([
    ["git.example.com", "advice"],
    ["git.example.com,github.com", "warning"],
    ["*", "warning"],
  ])("weighs GOINSECURE=%s", (value, severity) => {
    const finding = only(rule, { goEnv: { GOINSECURE: value } });
    expect(finding.severity).toBe(severity);
    expect(finding.fixes[0]?.command).toBe("go env -u GOINSECURE");
  });

  it.each([
    [26, "error", "go get fails"],
    [16, "warning", "without a valid certificate"],
  ])("knows that Go 1.17 removed the flag: 1.%i", (minor, severity, words) => {
    const go = { version: { major: 1, minor, text: `go1.${minor}` } };
    const finding = only(rule, { go, goEnv: { GOFLAGS: "-insecure -mod=mod" } });
    expect(finding.severity).toBe(severity);
    expect(finding.message).toContain(words);
    expect(finding.fixes[0]?.command).toBe("go env -w GOFLAGS=-mod=mod");
  });
});
