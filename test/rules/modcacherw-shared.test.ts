import { describe, expect, it } from "vitest";
import { modcacherwShared as rule } from "../../src/rules/modcacherw-shared.ts";
import { aDirectory, aSubject, healthyFacts, only } from "./healthy-facts.ts";

describe("modcacherw-shared", () => {
  const goEnv = { GOFLAGS: "-modcacherw" };
  const groupRoot = aDirectory({ gid: 3000, mode: 0o2775 });
  const defaultAcl = { owner: 7, users: new Map(), group: 5, groups: new Map([[3000, 7]]), mask: 7, other: 5 };

  it.each([
    ["no flag", { cache: { entry: groupRoot }, subject: { subject: aSubject({ umask: 0o002 }) } }],
    ["a private cache", { goEnv }],
    ["a group of one", { goEnv, subject: { subject: aSubject({ umask: 0o002 }) } }],
    ["umask 022 in a group's cache", { goEnv, cache: { entry: groupRoot } }],
    [
      "a default ACL that only reads",
      { goEnv, cache: { entry: { ...groupRoot, defaultAcl: { ...defaultAcl, mask: 5 } } } },
    ],
  ])("is silent with %s", (_, changes) => expect(rule.check(healthyFacts(changes))).toEqual([]));

  it.each([
    ["umask 000", { subject: { subject: aSubject({ umask: 0 }) } }, "every user"],
    [
      "setgid and umask 002",
      { cache: { entry: groupRoot }, subject: { subject: aSubject({ umask: 0o002 }) } },
      "the group go-users (3000)",
    ],
    ["a default ACL", { cache: { entry: { ...groupRoot, defaultAcl } } }, "the default ACL gives write"],
  ])("names who can change modules with %s", (_, changes, who) => {
    const finding = only(rule, { ...changes, goEnv: { GOFLAGS: "-modcacherw=true '-tags=a b'" } });
    expect(finding.message).toContain(who);
    expect(finding.fixes[0]?.command).toBe(`go env -w GOFLAGS=''\\''-tags=a b'\\'''`);
  });
});
