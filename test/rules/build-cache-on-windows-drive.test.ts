import { describe, expect, it } from "vitest";
import { buildCacheOnWindowsDrive as rule } from "../../src/rules/build-cache-on-windows-drive.ts";
import { aPlace, healthyFacts, only, windowsDrive } from "./healthy-facts.ts";

describe("build-cache-on-windows-drive", () => {
  const at = (path: string) => ({ places: [aPlace("GOCACHE", path, { mount: windowsDrive() })] });

  it("is silent on Linux file systems, and without a build cache", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts(at("off")))).toEqual([]);
  });

  it("moves it to the home directory", () => {
    const finding = only(rule, at("/mnt/c/go-build"));
    expect(finding.message).toContain("the build cache /mnt/c/go-build is on the Windows drive /mnt/c");
    expect(finding.fixes[0]?.command).toBe('go env -w GOCACHE="$HOME/.cache/go-build"');
  });

  it("moves it elsewhere if the usual place leads to the drive", () => {
    expect(only(rule, at("/home/app/.cache/go-build")).fixes[0]?.command).toBe('go env -w GOCACHE="$HOME/go-build"');
  });
});
