import { describe, expect, it } from "vitest";
import { mountsUnread as rule } from "../../src/rules/mounts-unread.ts";
import { healthyFacts } from "./healthy-facts.ts";

describe("mounts-unread", () => {
  it("looks where it can", () => expect(rule.blocked?.(healthyFacts())).toBeUndefined());

  it("says that it did not look, and finds nothing", () => {
    const facts = healthyFacts({ mounts: { unseen: "/proc is not mounted" } });
    expect(rule.blocked?.(facts)).toContain("/proc is not mounted");
    expect(rule.check(facts)).toEqual([]);
  });
});
