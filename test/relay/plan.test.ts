import { describe, expect, test } from "vitest";
import { type PlanFacts, planRelay } from "../../src/relay/plan.ts";

const plan = (goproxy: string, more: Partial<PlanFacts> = {}) => {
  const { goproxy: made, ...rest } = planRelay({ goproxy, goauth: "", netrcHosts: new Set(), ...more });
  return { goproxy: made("R"), ...rest };
};

describe("what the relay stands in for", () => {
  test.each([
    ["https://a.example.org,direct", "R/0,direct"],
    ["https://a.example.org|http://b.example.org/go/,direct", "R/0|R/1,direct"],
    ["a.example.org,b.example.org/x|off", "R/0,R/1|off"],
    ["file:///srv/mirror,https://a.example.org", "file:///srv/mirror,R/0"],
    ["direct,https://a.example.org", "direct,https://a.example.org"],
    ["off", "off"],
    [" https://a.example.org , direct", "R/0, direct"],
    ["https://a.example.org,,direct", "R/0,,direct"],
    ["ftp://a.example.org,direct", "ftp://a.example.org,direct"],
    ["https://a.example.org?x=1", "https://a.example.org?x=1"],
    ["", ""],
  ])("%s becomes %s", (given, made) => expect(plan(given).goproxy).toBe(made));

  test("credentials of the address are the relay's own, and never shown", () => {
    const { entries } = plan("https://user:pass%20word@a.example.org/go");
    expect(entries).toEqual([
      {
        url: "https://a.example.org/go",
        shown: "https://user:xxxxx@a.example.org/go",
        authorization: `Basic ${Buffer.from("user:pass word").toString("base64")}`,
      },
    ]);
  });

  test.each([
    ["http://user:word@a.example.org", {}, "go refuses credentials without https"],
    ["https://a.example.org", { netrcHosts: new Set(["a.example.org"]) }, "netrc gives its credentials"],
    ["https://a.example.org", { goauth: "git /srv" }, "GOAUTH gives its credentials"],
    ["https://a.example.org", { noTls: "why not" }, "why not"],
    ["https://a.example.org", { noWay: () => "a socks proxy" }, "a socks proxy"],
  ] as const)("%s is left alone", (given, more, reason) => {
    const { goproxy, leftAlone, entries } = plan(given, more);
    expect({ goproxy, entries }).toEqual({ goproxy: given, entries: [] });
    expect(leftAlone).toEqual([{ entry: given.replace(":word@", ":xxxxx@"), reason }]);
  });

  test("netrc and GOAUTH are of no account where go does not ask them", () => {
    const netrcHosts = new Set(["a.example.org"]);
    expect(plan("https://a.example.org", { netrcHosts, goauth: "off" }).goproxy).toBe("R/0");
    expect(plan("http://a.example.org", { netrcHosts }).goproxy).toBe("R/0");
    expect(plan("https://u:p@a.example.org", { netrcHosts, goauth: "git /srv" }).goproxy).toBe("R/0");
  });
});
