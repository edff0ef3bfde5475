import { describe, expect, it } from "vitest";
import { quarantinedGo } from "../../src/rules/quarantined-go.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("quarantined-go", () => {
  it("says that it is no permission, and takes the mark from that file alone", () => {
    const finding = only(quarantinedGo, { platform: "darwin", quarantined: ["/Users/d/My Go/bin/go"] });
    expect(finding).toMatchObject({
      why: expect.stringContaining("refuses no read and no write"),
      fixes: [{ command: "sudo xattr -d com.apple.quarantine '/Users/d/My Go/bin/go'", disposition: "unsafe" }],
    });
  });

  it("is silent where nothing bears it", () => {
    expect(quarantinedGo.check(healthyFacts({ platform: "darwin" }))).toEqual([]);
  });
});
