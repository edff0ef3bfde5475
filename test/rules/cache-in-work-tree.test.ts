import { describe, expect, it } from "vitest";
import { cacheInWorkTree as rule } from "../../src/rules/cache-in-work-tree.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("cache-in-work-tree", () => {
  const cache = { path: "/builds/app/.go/mod", realPath: "/builds/app/.go/mod", workTree: "/builds/app" };

  it("is silent outside of a work tree", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("is silent when the whole home directory is in git", () => {
    expect(rule.check(healthyFacts({ cache: { workTree: "/home/app" } }))).toEqual([]);
  });

  it("moves the cache, or hides it from git", () => {
    const finding = only(rule, { cache });
    expect(finding.severity).toBe("warning");
    expect(finding.fixes[1]?.command).toBe("echo /.go/mod/ >> /builds/app/.git/info/exclude");
  });

  it("only advises where GitLab needs it there", () => {
    const finding = only(rule, { cache, ci: "GitLab CI" });
    expect(finding.severity).toBe("advice");
    expect(finding.fixes).toHaveLength(1);
  });
});
