import { describe, expect, it } from "vitest";
import { cacheOnReadOnlyMount as rule } from "../../src/rules/cache-on-read-only-mount.ts";
import { aDirectory, aMount, healthyFacts, only } from "./healthy-facts.ts";

describe("cache-on-read-only-mount", () => {
  const mount = aMount({ mountPoint: "/go", readOnly: true });
  const project = { directory: "/src/app", modules: 3 };

  it("is silent on a writable mount", () => expect(rule.check(healthyFacts())).toEqual([]));

  it.each([
    ["a filled cache", {}, undefined, "warning", "nobody can download others"],
    ["a missing cache", { state: "missing" as const }, undefined, "error", "holds nothing"],
    ["an empty cache", { entry: aDirectory({ links: 2 }) }, undefined, "error", "holds nothing"],
    ["a complete project", {}, { ...project, complete: true }, "advice", "builds work"],
    ["an incomplete project", {}, { ...project, complete: false }, "error", "/src/app needs modules"],
  ])("weighs %s", (_, cache, theProject, severity, words) => {
    const finding = only(rule, { cache: { ...cache, mount }, ...(theProject && { project: theProject }) });
    expect(finding.severity).toBe(severity);
    expect(finding.message).toContain(words);
    expect(finding.fixes.at(-1)).toMatchObject({ disposition: "unsafe", command: "sudo mount -o remount,rw /go" });
  });
});
