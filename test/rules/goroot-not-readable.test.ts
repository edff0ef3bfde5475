import { describe, expect, it } from "vitest";
import { gorootNotReadable as rule } from "../../src/rules/goroot-not-readable.ts";
import { aDirectory, aPlace, healthyFacts, only } from "./healthy-facts.ts";

describe("goroot-not-readable", () => {
  const goroot = (at: string) =>
    aPlace("GOROOT", "/opt/tools/go", {
      entry: aDirectory({ uid: 0, mode: 0o750 }),
      readable: { verdict: "no", at, because: "others have ---" },
    });

  it("is silent on a readable one, though nobody may write it", () => expect(rule.check(healthyFacts())).toEqual([]));

  it.each([
    ["/opt/tools/go", "sudo chmod -R a+rX /opt/tools/go"],
    ["/opt/tools", "sudo chmod a+x /opt/tools"],
  ])("opens what refuses: %s", (at, command) => {
    const finding = only(rule, { places: [goroot(at)] });
    expect(finding.why).toBe(`${at}: others have ---`);
    expect(finding.fixes[0]?.command).toBe(command);
  });
});
