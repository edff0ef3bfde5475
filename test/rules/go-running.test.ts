import { describe, expect, it } from "vitest";
import { goRunning as rule } from "../../src/rules/go-running.ts";
import { healthyFacts, only } from "./healthy-facts.ts";

describe("go-running", () => {
  const processes = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ pid: 100 + index, uid: 1000, command: "go build" }));

  it("is silent when none runs", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("names one, and the first of many", () => {
    expect(only(rule, { runningGo: { value: processes(1) } })).toMatchObject({
      message: expect.stringMatching(/^1 go command is running;/),
      why: "Process 100 go build (app (1000))",
    });
    expect(only(rule, { runningGo: { value: processes(8) } }).why).toMatch(/104 go build \(app \(1000\)\) and 3 more$/);
  });

  it("is blocked without a list of processes", () => {
    expect(rule.blocked?.(healthyFacts({ runningGo: { unseen: "there is no /proc" } }))).toContain("there is no /proc");
    expect(rule.blocked?.(healthyFacts())).toBeUndefined();
    expect(rule.check(healthyFacts({ runningGo: { unseen: "there is no /proc" } }))).toEqual([]);
  });
});
