import { describe, expect, it } from "vitest";
import { cacheDanglingLink as rule } from "../../src/rules/cache-dangling-link.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("cache-dangling-link", () => {
  it("is silent on a directory", () => expect(rule.check(healthyFacts())).toEqual([]));

  it.each([
    ["/mnt/cache/mod", "to /mnt/cache/mod that does not exist", "mkdir -p /mnt/cache/mod"],
    ["/home/app/go/pkg/mod", "to something that", 'mkdir -p "$(readlink -m /home/app/go/pkg/mod)"'],
  ])("names the target if it is known: %s", (realPath, words, command) => {
    const finding = only(rule, { cache: { state: "dangling-link", realPath } });
    expect(finding.message).toContain(words);
    expect(finding.fixes[1]).toMatchObject({ disposition: "unsafe", command });
  });
});
