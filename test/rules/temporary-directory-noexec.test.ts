import { describe, expect, it } from "vitest";
import { temporaryDirectoryNoexec as rule } from "../../src/rules/temporary-directory-noexec.ts";
import { aMount, aPlace, healthyFacts, only } from "./healthy-facts.ts";

describe("temporary-directory-noexec", () => {
  const mount = aMount({ mountPoint: "/tmp", type: "tmpfs", noexec: true });

  it("is silent on an ordinary mount, and when GOTMPDIR is elsewhere", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    const places = [aPlace("TMPDIR", "/tmp", { mount }), aPlace("GOTMPDIR", "/scratch")];
    expect(rule.check(healthyFacts({ places }))).toEqual([]);
  });

  it("names what fails, and another directory", () => {
    const finding = only(rule, { places: [aPlace("TMPDIR", "/tmp", { mount })] });
    expect(finding.message).toContain("go test and go run fail");
    expect(finding.fixes[1]).toMatchObject({ disposition: "unsafe", command: "sudo mount -o remount,exec /tmp" });
  });
});
