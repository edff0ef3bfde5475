import { describe, expect, it } from "vitest";
import { proxyOffIncomplete as rule } from "../../src/rules/proxy-off-incomplete.ts";
import { aDirectory, healthyFacts, only } from "./healthy-facts.ts";

describe("proxy-off-incomplete", () => {
  const goEnv = { GOPROXY: "off" };
  const project = { directory: "/my work", modules: 2 };

  it.each([
    ["a proxy", { cache: { state: "missing" as const } }],
    ["a filled cache", { goEnv }],
    ["a complete project", { goEnv, project: { ...project, complete: true } }],
  ])("is silent with %s", (_, changes) => expect(rule.check(healthyFacts(changes))).toEqual([]));

  it.each([
    ["a missing cache", { cache: { state: "missing" as const } }, "does not exist"],
    ["an empty cache", { cache: { entry: aDirectory({ links: 2 }) } }, "holds no modules"],
    ["an incomplete project", { project: { ...project, complete: false } }, "lacks modules of /my work"],
  ])("fires on %s", (_, changes, words) => expect(only(rule, { ...changes, goEnv }).message).toContain(words));

  it("fills the cache where the setting is", () => {
    const incomplete = { goEnv, project: { ...project, complete: false } };
    expect(only(rule, incomplete).fixes[0]?.command).toBe("cd '/my work' && go env -u GOPROXY && go mod download");
    const environment = { GOPROXY: "off" };
    expect(only(rule, { ...incomplete, environment }).fixes[0]?.command).toBe(
      "cd '/my work' && env -u GOPROXY go mod download",
    );
  });
});
