import { describe, expect, it } from "vitest";
import { cacheOnWindowsDrive as rule } from "../../src/rules/cache-on-windows-drive.ts";
import { aMount, healthyFacts, only } from "./healthy-facts.ts";

describe("cache-on-windows-drive", () => {
  const on = (type: string, ...options: string[]) => ({
    cache: { mount: aMount({ type, mountPoint: "/mnt/c", options }) },
  });

  it("is silent on Linux file systems and other 9p mounts", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts(on("9p", "rw")))).toEqual([]);
  });

  it.each([
    ["drvfs", "rw", true],
    ["9p", "aname=drvfs;path=C:\\;uid=1000", true],
    ["9p", "aname=drvfs;path=C:\\;metadata", false],
  ])("fires on %s with %s", (type, option, withoutMetadata) => {
    const finding = only(rule, on(type, option));
    expect(finding.message).toContain("the Windows drive /mnt/c");
    expect(finding.why?.includes("without the metadata option")).toBe(withoutMetadata);
  });
});
