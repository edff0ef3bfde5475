import { describe, expect, it } from "vitest";
import { goBuildCacheOff as rule } from "../../src/rules/go-build-cache-off.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("go-build-cache-off", () => {
  it("is silent on a path", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("is silent without HOME, for which go says off as well", () => {
    expect(rule.check(healthyFacts({ environment: {}, goEnv: { GOCACHE: "off" } }))).toEqual([]);
  });

  it.each([
    ["the environment", { environment: { HOME: "/home/app", GOCACHE: "off" } }, "unset GOCACHE"],
    ["go env -w", { goEnv: { GOCACHE: "off" } }, "go env -u GOCACHE"],
  ])("takes back an off of %s", (_, changes, command) => {
    const finding = only(rule, changes);
    expect(finding.message).toContain("GOCACHE is off");
    expect(finding.fixes[0]?.command).toBe(command);
  });

  it("quotes a relative path, for which go env says off", () => {
    const environment = { HOME: "/home/app", GOCACHE: "build" };
    expect(only(rule, { environment, goEnv: { GOCACHE: "off" } }).message).toContain("the relative path build");
  });
});
