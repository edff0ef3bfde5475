import { describe, expect, it } from "vitest";
import { cacheUnset as rule } from "../../src/rules/cache-unset.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("cache-unset", () => {
  const cache = { path: "", realPath: "", state: "unset" } as const;

  it("is silent when a cache is set", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("sets the home directory of the user database, or one that is made now", () => {
    expect(only(rule, { cache, environment: {} }).fixes[0]?.command).toBe("export HOME=/home/app");
    expect(only(rule, { cache, environment: {}, subject: { home: "/" } }).fixes[0]?.command).toBe(
      'export HOME="$(mktemp -d)"',
    );
  });
});
