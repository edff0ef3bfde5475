import { describe, expect, it } from "vitest";
import { mixedOwners } from "../../src/rules/mixed-owners.ts";
import { subordinateOwner as rule } from "../../src/rules/subordinate-owner.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const subordinates = [
  { user: "alice", from: 100000, count: 65536 },
  { user: "bob", from: 165536, count: 65536 },
];
const facts = factsFor(subject(1000), dir(0o755), { subordinates });
const owned = (uid: number) => seen("cache/download/example.com/a/@v/v1.0.0.zip", file(0o644, { uid }));

describe("subordinate-owner", () => {
  it.each([100000, 100999, 165535])("fires for uid %i, and mixed-owners leaves it to this rule", (uid) => {
    expect(run(rule, [owned(uid)], facts)?.message).toContain("rootless containers of alice");
    expect(run(mixedOwners, [owned(uid)], facts)).toBeUndefined();
  });

  it.each([0, 1000, 1001, 99999, 231072, 65534])("is silent for uid %i", (uid) => {
    expect(run(rule, [owned(uid)], facts)).toBeUndefined();
  });

  it("is silent for a UID that has a name, and where nobody looked", () => {
    const named = factsFor(subject(1000), dir(0o755), { subordinates, userNames: new Map([[100999, "service"]]) });
    expect(run(rule, [owned(100999)], named)).toBeUndefined();
    expect(run(rule, [owned(100999)], factsFor(subject(1000), dir(0o755)))).toBeUndefined();
  });

  it("says who it is inside, and how to take it back", () => {
    const draft = run(rule, [owned(100999)], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 entry of the cache belongs to uid 100999, which is uid 1000 in the rootless containers of alice: outside of them go cannot change or clean what is there"`,
    );
    expect(draft?.confidence).toBe("likely");
    expect(draft?.fixes[0]?.command).toBe("podman unshare find /srv/go/mod -xdev ! -uid 0 -exec chown -h 0:0 {} +");
  });
});
