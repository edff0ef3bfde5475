import { describe, expect, it } from "vitest";
import { fileSystemNearlyFull as rule } from "../../src/rules/file-system-nearly-full.ts";
import { aMount, aPlace, gibibyte, healthyFacts, only, rootSubject } from "./healthy-facts.ts";

describe("file-system-nearly-full", () => {
  const roomy = { freeBytes: 50 * gibibyte, totalBytes: 100 * gibibyte, freeInodes: 500_000, totalInodes: 1_000_000 };
  const mount = aMount({ mountPoint: "/cache", type: "xfs" });
  const on = (space: Partial<typeof roomy>, changes = {}) => ({
    cache: { mount: { ...mount, ...changes }, space: { ...roomy, ...space } },
  });

  it.each([
    ["a healthy machine", {}],
    ["little room on a small disk", { freeBytes: 0.5 * gibibyte, totalBytes: 4 * gibibyte }],
    ["a small share of a large disk", { freeBytes: 2 * gibibyte, totalBytes: 1000 * gibibyte }],
    ["few inodes of few", { freeInodes: 900, totalInodes: 1000 }],
    ["no fixed number of inodes", { freeInodes: 0, totalInodes: 0 }],
  ])("is silent on %s", (_, space) => expect(rule.check(healthyFacts(on(space)))).toEqual([]));

  it("is silent on a read-only mount, which is always full", () => {
    expect(rule.check(healthyFacts(on({ freeBytes: 0 }, { readOnly: true })))).toEqual([]);
  });

  it("warns of little space, and fails for none", () => {
    const little = only(rule, on({ freeBytes: 0.25 * gibibyte }));
    expect(little).toMatchObject({ severity: "warning", count: 1 });
    expect(little.message).toContain("/cache (xfs), which holds GOMODCACHE, has only 256 MiB left");
    expect(only(rule, on({ freeBytes: 0 }))).toMatchObject({ severity: "error" });
  });

  it("does not call it an error for root, who has a reserve", () => {
    const self = { self: rootSubject, subject: { subject: rootSubject } };
    expect(only(rule, { ...on({ freeBytes: 0 }), ...self }).severity).toBe("warning");
  });

  it("tells inodes from bytes", () => {
    const finding = only(rule, on({ freeInodes: 0 }));
    expect(finding.message).toContain("has no inodes left");
    expect(finding.fixes[0]?.command).toBe("df -i /home/app/go/pkg/mod");
  });

  it("names a file system once, with all that it holds", () => {
    const space = { ...roomy, freeBytes: 0 };
    const places = [
      aPlace("GOCACHE", "/cache/build", { mount, space }),
      aPlace("TMPDIR", "/cache/tmp", { mount, space }),
    ];
    const finding = only(rule, { ...on({ freeBytes: 0 }), places });
    expect(finding.message).toContain("holds GOMODCACHE, GOCACHE, TMPDIR,");
    expect(finding.fixes[1]).toMatchObject({ disposition: "unsafe", command: "go clean -cache" });
  });
});
