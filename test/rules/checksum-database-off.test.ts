import { describe, expect, it } from "vitest";
import { checksumDatabaseOff as rule } from "../../src/rules/checksum-database-off.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("checksum-database-off", () => {
  it("is silent when it is on", () => expect(rule.check(healthyFacts())).toEqual([]));

  it.each([
    ["the environment", { environment: { GOSUMDB: "off" }, goEnv: { GOSUMDB: "off" } }, "unset GOSUMDB"],
    ["go env -w", { goEnv: { GOSUMDB: "off" } }, "go env -u GOSUMDB"],
  ])("takes back an off of %s", (_, changes, command) => {
    expect(only(rule, changes).fixes[0]?.command).toBe(command);
  });

  it("does not take this process's variables for those of another user", () => {
    const facts = healthyFacts({ subject: { self: false }, environment: { GOSUMDB: "off" } });
    expect(rule.check(facts)).toEqual([]);
  });
});
