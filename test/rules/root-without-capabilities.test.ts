import { describe, expect, it } from "vitest";
import { rootWithoutCapabilities as rule } from "../../src/rules/root-without-capabilities.ts";
import { aDirectory, aSubject, healthyFacts, only, rootSubject } from "./healthy-facts.ts";

describe("root-without-capabilities", () => {
  const weak = { subject: { subject: aSubject({ uid: 0, gid: 0, capabilities: new Set(["dac_override"]) }) } } as const;

  it("is silent for ordinary users and for a root that has them all", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts({ subject: { subject: rootSubject } }))).toEqual([]);
  });

  it("is silent when everything is root's own", () => {
    expect(rule.check(healthyFacts({ ...weak, cache: { entry: aDirectory({ uid: 0, gid: 0 }) } }))).toEqual([]);
  });

  it("names what is missing and whom to run as instead", () => {
    const finding = only(rule, { ...weak, container: "podman" });
    expect(finding.message).toContain("CAP_FOWNER, CAP_CHOWN: it cannot chmod what others own");
    expect(finding.fixes.map(({ command }) => command)).toEqual([
      "podman run --user 1000:1000 IMAGE",
      "podman run --cap-add FOWNER --cap-add CHOWN IMAGE",
    ]);
  });
});
