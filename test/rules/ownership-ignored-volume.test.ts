import { describe, expect, it } from "vitest";
import { ownershipIgnoredVolume } from "../../src/rules/ownership-ignored-volume.ts";
import { aMount, healthyFacts, only } from "./healthy-facts.ts";

const onVolume = (type: string, options: readonly string[], platform = "darwin") => ({
  platform,
  cache: { mount: aMount({ mountPoint: "/Volumes/My Disk", type, options: [...options] }) },
});

describe("ownership-ignored-volume", () => {
  it("fires on a volume with noowners, and offers to keep owners where that can be", () => {
    const finding = only(ownershipIgnoredVolume, onVolume("apfs", ["local", "noowners"]));
    expect(finding.message).toContain("every user of this Mac may change the cache");
    expect(finding.fixes?.at(-1)?.command).toBe("sudo diskutil enableOwnership '/Volumes/My Disk'");
  });

  it("offers only an own cache where there are no owners to keep", () => {
    const commands = only(ownershipIgnoredVolume, onVolume("exfat", ["local", "noowners"])).fixes?.map(
      (fix) => fix.command,
    );
    expect(commands?.join()).not.toContain("enableOwnership");
    expect(commands).toHaveLength(1);
  });

  it.each([
    ["a volume that keeps owners", onVolume("apfs", ["local", "journaled"])],
    ["another system, where the option has no such meaning", onVolume("ext4", ["noowners"], "linux")],
    ["a cache that is not there", { ...onVolume("apfs", ["noowners"]), cache: { state: "missing" as const } }],
  ])("is silent: %s", (_, changes) => {
    expect(ownershipIgnoredVolume.check(healthyFacts(changes))).toEqual([]);
  });
});
