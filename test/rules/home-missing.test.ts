import { describe, expect, it } from "vitest";
import { homeMissing as rule } from "../../src/rules/home-missing.ts";
import { aPlace, aSubject, healthyFacts, only } from "./healthy-facts.ts";

describe("home-missing", () => {
  const refused = (at: string) => ({ verdict: "no", at, because: "others have r-x" }) as const;
  const stranger = { subject: aSubject({ uid: 1234, gid: 0 }), name: "1234", home: "/" };

  it("is silent on a home that works", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("is silent without HOME when both caches are set", () => {
    const environment = { GOCACHE: "/var/cache/build", GOMODCACHE: "/var/cache/mod" };
    expect(rule.check(healthyFacts({ environment, goEnv: { GOCACHE: "/var/cache/build" } }))).toEqual([]);
  });

  it("explains HOME=/ of a user whom nobody knows", () => {
    const finding = only(rule, {
      subject: stranger,
      environment: { HOME: "/" },
      cache: { path: "/go/pkg/mod", state: "missing", creatable: refused("/") },
      places: [aPlace("HOME", "/"), aPlace("GOCACHE", "/.cache/go-build", { entry: "absent", writable: refused("/") })],
    });
    expect(finding.message).toBe("HOME is /, so go cannot create GOMODCACHE and GOCACHE for uid 1234");
    expect(finding.fixes.map(({ command }) => command)).toEqual([
      'export GOMODCACHE="$(mktemp -d)"; export GOCACHE="$(mktemp -d)"',
    ]);
  });

  it("explains an unset HOME, for which go env says GOCACHE=off", () => {
    const finding = only(rule, { environment: {}, goEnv: { GOCACHE: "off" } });
    expect(finding.message).toBe("HOME is not set, so go cannot create GOCACHE for app (1000)");
    expect(finding.fixes[0]?.command).toBe("export HOME=/home/app");
  });

  it("leaves a cache that is not even set to cache-unset", () => {
    const cache = { path: "", state: "unset" } as const;
    expect(rule.check(healthyFacts({ environment: {}, goEnv: { GOCACHE: "off" }, cache }))).toEqual([]);
  });

  it("makes a home that does not exist", () => {
    const finding = only(rule, {
      places: [
        aPlace("HOME", "/home/app", { entry: "absent", writable: refused("/home") }),
        aPlace("GOCACHE", "/home/app/.cache/go-build", { entry: "absent", writable: refused("/home") }),
      ],
    });
    expect(finding.message).toContain("HOME is /home/app, which does not exist");
    expect(finding.fixes[0]?.command).toBe("sudo install -d -m 0755 -o 1000 -g 1000 /home/app");
  });

  it("is silent when something below HOME refuses: that is not HOME's fault", () => {
    const places = [aPlace("GOCACHE", "/home/app/.cache/go-build", { writable: refused("/home/app/.cache/go-build") })];
    expect(rule.check(healthyFacts({ places }))).toEqual([]);
  });
});
