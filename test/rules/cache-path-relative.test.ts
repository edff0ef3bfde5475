import { describe, expect, it } from "vitest";
import { cachePathRelative as rule } from "../../src/rules/cache-path-relative.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("cache-path-relative", () => {
  it("is silent on an absolute path", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("quotes the setting and makes it absolute", () => {
    const environment = { GOMODCACHE: "./my cache" };
    const finding = only(rule, { cache: { path: "./my cache", state: "relative" }, environment });
    expect(finding.message).toContain("GOMODCACHE is the relative path ./my cache");
    expect(finding.fixes.map(({ command }) => command)).toEqual([
      `export GOMODCACHE="$PWD"/'my cache'`,
      "unset GOMODCACHE",
    ]);
  });

  it("blames GOPATH when the path comes from it", () => {
    const finding = only(rule, { cache: { path: "go/pkg/mod", state: "relative" }, goEnv: { GOPATH: "go" } });
    expect(finding.message).toContain("GOPATH is the relative path go,");
    expect(finding.fixes[1]?.command).toBe("go env -u GOPATH");
  });
});
