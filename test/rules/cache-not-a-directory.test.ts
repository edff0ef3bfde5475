import { describe, expect, it } from "vitest";
import { cacheNotADirectory as rule } from "../../src/rules/cache-not-a-directory.ts";
import { aDirectory, healthyFacts, only } from "./healthy-facts.ts";

describe("cache-not-a-directory", () => {
  it("is silent on a directory", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("says what is there instead", () => {
    const entry = aDirectory({ type: "file", mode: 0o644 });
    const finding = only(rule, { cache: { path: "/srv/go cache", state: "not-a-directory", entry } });
    expect(finding.message).toContain("/srv/go cache is a file");
    expect(finding.paths).toEqual([{ path: "/srv/go cache", owner: "app", group: "app", mode: "-rw-r--r--" }]);
    expect(finding.fixes[1]).toMatchObject({
      disposition: "unsafe",
      command: "mv -n '/srv/go cache' '/srv/go cache.moved-aside'",
    });
  });
});
