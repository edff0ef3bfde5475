import { describe, expect, it } from "vitest";
import { accessListsUnread as rule } from "../../src/rules/access-lists-unread.ts";
import { healthyFacts } from "./healthy-facts.ts";

describe("access-lists-unread", () => {
  it("looks where it can", () => expect(rule.blocked?.(healthyFacts())).toBeUndefined());

  it("says that it did not look, and finds nothing", () => {
    const facts = healthyFacts({ acls: { unseen: "getfacl is not installed" } });
    expect(rule.blocked?.(facts)).toContain("getfacl is not installed");
    expect(rule.check(facts)).toEqual([]);
  });
});
