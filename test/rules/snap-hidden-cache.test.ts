import { describe, expect, it } from "vitest";
import { snapHiddenCache as rule } from "../../src/rules/snap-hidden-cache.ts";
import { type Changes, healthyFacts, only } from "./healthy-facts.ts";

const hosts = [{ kind: "snap-confinement", evidence: "AppArmor profile snap.x.y (enforce), SNAP=/snap/x/1" }] as const;

describe("snap-hidden-cache", () => {
  it("names what is hidden, and places that are not", () => {
    const finding = only(rule, { hosts });
    expect(finding.message).toBe(
      "GOCACHE /home/app/.cache/go-build is hidden in /home/app: go that runs in this snap gets `permission denied` there",
    );
    expect(finding.fixes.map(({ command }) => command)).toEqual(["go env -w GOCACHE=/home/app/go/build"]);
  });

  it("tells both caches, below the home directory that the user has outside of the snap", () => {
    const environment = { HOME: "/home/app/snap/x/1", SNAP_REAL_HOME: "/home/app" };
    const both = { hosts, environment, cache: { path: "/home/app/.go/mod" } };
    expect(only(rule, both).count).toBe(2);
  });

  it.each<[string, Changes]>([
    ["it runs in no confined snap", {}],
    ["the caches are in plain sight", { hosts, goEnv: { GOCACHE: "/home/app/build" } }],
    ["they are in the snap's own directory", { hosts, goEnv: { GOCACHE: "/home/app/snap/x/1/.cache/go-build" } }],
  ])("is silent if %s", (_, changes) => {
    expect(rule.check(healthyFacts(changes))).toEqual([]);
  });
});
