import { describe, expect, it } from "vitest";
import { umaskTooStrict as rule } from "../../src/rules/umask-too-strict.ts";
import { aDirectory, aSubject, healthyFacts, only } from "./healthy-facts.ts";

describe("umask-too-strict", () => {
  const shared = aDirectory({ uid: 2000, gid: 3000, mode: 0o2775 });
  const at = (umask: number, entry = shared) => ({
    cache: { path: "/srv/go", realPath: "/srv/go", entry },
    subject: { subject: aSubject({ umask, groups: [3000] }) },
  });

  it("is silent on a private cache, whatever the umask", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts({ subject: { subject: aSubject({ umask: 0o077 }) } }))).toEqual([]);
  });

  it.each([
    ["umask 002 in a group cache", at(0o002)],
    [
      "a default ACL",
      at(0o077, { ...shared, defaultAcl: { owner: 7, group: 7, other: 5, users: new Map(), groups: new Map() } }),
    ],
    ["umask 022 where others only read", at(0o022, aDirectory({ uid: 2000, gid: 2000, mode: 0o755 }))],
  ])("is silent with %s", (_, changes) => expect(rule.check(healthyFacts(changes))).toEqual([]));

  it("is silent where the subject adds nothing", () => {
    const changes = at(0o077);
    expect(rule.check(healthyFacts({ ...changes, cache: { ...changes.cache, writable: { verdict: "no" } } }))).toEqual(
      [],
    );
  });

  it.each([
    [0o022, shared, "writers in the group go-users (3000)", "umask 0002"],
    [0o027, { ...shared, mode: 0o2770 }, "writers in the group go-users (3000)", "umask 0007"],
    [0o077, { ...shared, mode: 0o2750 }, "the group go-users (3000)", "umask 0027"],
    [0o077, aDirectory({ uid: 2000, gid: 2000, mode: 0o755 }), "other users", "umask 0022"],
  ])("with umask %o names who is shut out", (umask, entry, who, command) => {
    const finding = only(rule, at(umask, entry));
    expect(finding.subject).toBe(who);
    expect(finding.fixes[0]?.command).toBe(command);
  });

  it("offers a default ACL to a group, and is less sure about another user's umask", () => {
    const changes = at(0o022);
    const finding = only(rule, { ...changes, subject: { ...changes.subject, self: false } });
    expect(finding.confidence).toBe("likely");
    expect(finding.fixes[1]?.command).toBe("sudo setfacl -R -m d:u::rwx,d:g::rwx,d:g:3000:rwx,d:o::r-x /srv/go");
  });
});
