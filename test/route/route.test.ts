// Where modules come from, as values. What go really asks is in test/e2e/route.test.ts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupRoutes } from "../../src/route/group.ts";
import { planSettings } from "../../src/route/plan.ts";
import { readProxies } from "../../src/route/proxies.ts";
import { routeOf } from "../../src/route/route.ts";
import type { RouteSettings } from "../../src/route/settings.ts";
import { suspects } from "../../src/route/suspect.ts";

const proxy = "https://proxy.example.net";
const settings = (changes: Partial<RouteSettings> = {}): RouteSettings => {
  const all = {
    goproxy: `${proxy},direct`,
    goprivate: "",
    gosumdb: "sum.golang.org",
    goinsecure: "",
    govcs: "",
    goauth: "",
    vendored: false,
    netrc: new Set<string>(),
    ...changes,
  };
  return { gonoproxy: all.goprivate, gonosumdb: all.goprivate, ...all };
};

describe("a route", () => {
  it("is what GOPROXY says, in its order", () => {
    const { asks, check } = routeOf("golang.org/x/text", settings({ goproxy: `a.test | ${proxy} , direct, b.test` }));
    expect(asks.map((ask) => [ask.kind === "proxy" ? ask.address : ask.kind, ask.when])).toEqual([
      ["https://a.test", "first"],
      [proxy, "any-error"],
      ["origin", "not-found"],
    ]);
    expect(check).toMatchObject({ name: "sum.golang.org", through: [{ when: "first" }, { when: "any-error" }] });
  });

  it("is the origin alone for what GOPRIVATE covers, even where GOPROXY is off", () => {
    for (const goproxy of [`${proxy},direct`, "off"]) {
      const { asks, check, noProxy } = routeOf("git.test/a/b", settings({ goproxy, goprivate: "x.test,git.test/a" }));
      expect(asks.map(({ kind }) => kind)).toEqual(["origin"]);
      expect(noProxy).toEqual({ variable: "GOPRIVATE", pattern: "git.test/a" });
      expect(check).toEqual({ kind: "none", because: { variable: "GOPRIVATE", pattern: "git.test/a" } });
    }
  });

  it("goes nowhere with a malformed setting, or from a vendor directory", () => {
    expect(routeOf("a.test/b", settings({ goproxy: "company" }))).toMatchObject({ asks: [], nobody: /missing scheme/ });
    expect(routeOf("a.test/b", settings({ vendored: true })).asks).toEqual([]);
  });

  it("never trusts a toolchain without the database", () => {
    const check = (changes: Partial<RouteSettings>) => routeOf("golang.org/toolchain", settings(changes)).check.kind;
    expect(check({ goprivate: "*" })).toBe("database");
    expect(check({ gosumdb: "off" })).toBe("refused");
    expect(check({ gosumdb: "off", goproxy: "file:///srv/proxy" })).toBe("none");
  });
});

describe("credentials", () => {
  const of = (goproxy: string, changes: Partial<RouteSettings> = {}) => {
    const [ask] = routeOf("a.test/b", settings({ goproxy, ...changes })).asks;
    return ask?.kind === "off" ? undefined : ask?.credentials;
  };
  const netrc = new Set(["p.test", "q.test/team"]);

  it.each([
    ["https://p.test", { netrc }, { from: "netrc", machine: "p.test" }],
    ["https://q.test/team/go", { netrc }, { from: "netrc", machine: "q.test/team" }],
    ["https://q.test/other", { netrc }, { from: "none" }],
    ["https://p.test", { netrc, goauth: "off" }, { from: "none", reason: "GOAUTH is off" }],
    ["https://p.test", { netrc, goauth: "netrc; git /src" }, { from: "netrc", machine: "p.test" }],
    ["https://o.test", { netrc, goauth: "netrc; git /src" }, { from: "GOAUTH", command: "git /src" }],
    ["https://me:secret@p.test", { netrc }, { from: "address", user: "me" }],
    ["http://me:secret@p.test", {}, { from: "refused" }],
    ["http://p.test", { netrc }, { from: "none", reason: "it is not https" }],
    ["https://p.test", { netrc: undefined }, { from: "unknown", reason: "the netrc file could not be read" }],
    ["direct", { netrc: new Set(["a.test"]) }, { from: "netrc", machine: "a.test" }],
  ] as const)("for %s with %o", (goproxy, changes, expected) => expect(of(goproxy, changes)).toEqual(expected));
});

describe("GOPROXY", () => {
  it("never shows a password, and never throws", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "direct",
        "off",
        "https://u:hunter2@h.test/p",
        "file:///srv",
        "h.test",
        "x",
        "http://[::1]:1",
        "https://",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom(",", "|"))), (parts) => {
        const text = JSON.stringify(readProxies(parts.flat().join("")));
        expect(text).not.toMatch(/"shown":"[^"]*hunter2/);
      }),
    );
  });

  it.each([
    ["https://h.test/a b", undefined],
    ["https://h .test", /invalid character/],
    ["https://h.test\n", undefined],
    ["https://h.\ntest", /invalid character/],
    ["file://host/srv", /non-path elements/],
    ["/srv/proxy", /missing scheme/],
    ["c:/proxy", /invalid proxy URL scheme/],
  ])("%j", (value, expected) => {
    const { malformed } = readProxies(value);
    if (expected === undefined) expect(malformed).toBeUndefined();
    else expect(malformed).toMatch(expected);
  });
});

describe("what is told to strangers", () => {
  const told = (module: string, changes: Partial<RouteSettings>, hints: { patterns?: string; mains?: string[] }) =>
    suspects([routeOf(module, settings(changes))], { patterns: "", mains: [], ...hints }).map(
      ({ rule, confidence }) => [rule, confidence],
    );

  it.each([
    ["github.com/other/x", {}, { mains: ["github.com/me/app"] }, []],
    ["git.corp.test/lib", {}, { mains: ["git.corp.test/app"] }, [["private-module-to-proxy", "likely"]]],
    ["git.corp.test/lib", {}, { mains: ["example.test/app"] }, []],
    ["github.com/me/secret", {}, { patterns: "github.com/me" }, [["private-module-to-proxy", "certain"]]],
    [
      "git.corp.test/lib",
      { goproxy: "https://goproxy.corp.test" },
      { patterns: "git.corp.test" },
      [["private-module-to-sumdb", "certain"]],
    ],
    ["git.corp.test/lib", { gonoproxy: "git.corp.test" }, {}, [["private-module-to-sumdb", "likely"]]],
    ["git.corp.test/lib", { goprivate: "git.corp.test" }, { patterns: "git.corp.test" }, []],
    ["git.corp.test/lib", { goproxy: "off" }, { patterns: "git.corp.test" }, []],
  ] as const)("%s with %o, %o", (module, changes, hints, expected) =>
    expect(told(module, changes, hints as { patterns?: string; mains?: string[] })).toEqual(expected),
  );
});

describe("the plan", () => {
  const plan = (changes: Partial<RouteSettings>, patterns: string[], inside?: string) =>
    planSettings(settings(changes), { patterns, ...(inside === undefined ? {} : { proxy: inside }) }).map(
      ({ name, value }) => `${name}=${value ?? "(default)"}`,
    );

  it("adds what is missing, and nothing if nothing is", () => {
    expect(plan({}, ["git.test"])).toEqual(["GOPRIVATE=git.test"]);
    expect(plan({ goprivate: "git.test" }, ["git.test"])).toEqual([]);
    expect(plan({ goprivate: "a.test,*" }, ["git.test"])).toEqual(["GOPRIVATE=a.test,git.test"]);
  });

  it("takes back what weakens others", () => {
    expect(plan({ gosumdb: "off", gonoproxy: "git.test", goinsecure: "*,x.test" }, ["git.test"])).toEqual([
      "GOPRIVATE=git.test",
      "GONOPROXY=(default)",
      "GOSUMDB=(default)",
      "GOINSECURE=x.test",
    ]);
  });

  it("asks a proxy inside first, and leaves a plan that is in force alone", () => {
    const inside = "https://goproxy.test";
    expect(plan({}, ["git.test"], inside)).toEqual([
      "GOPRIVATE=git.test",
      "GONOPROXY=none",
      `GOPROXY=${inside},${proxy},direct`,
    ]);
    const after = { goprivate: "git.test", gonoproxy: "none", goproxy: `${inside},${proxy},direct` };
    expect(plan(after, ["git.test"], inside)).toEqual([]);
  });
});

it("modules that go one way are one group", () => {
  const routes = ["a.test/x", "git.test/y", "a.test/z"].map((one) => routeOf(one, settings({ goprivate: "git.test" })));
  expect(groupRoutes(routes).map(({ modules }) => modules)).toEqual([["a.test/x", "a.test/z"], ["git.test/y"]]);
});
