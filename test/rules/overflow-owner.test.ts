// What overflow-owner fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { overflowOwner } from "../../src/rules/overflow-owner.ts";
import { dir, factsFor, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755), {
  self: subject(0, { uidMap: [{ inside: 0, outside: 100_000, count: 65_534 }] }),
});

describe("overflow-owner", () => {
  test.each([
    ["an unmapped owner", seen("cache", dir(0o755, { uid: 65_534 }))],
    ["an unmapped group", seen("cache", dir(0o755, { gid: 65_534 }))],
  ])("fires: %s", (_, at) => {
    expect(run(overflowOwner, [at], facts)?.count).toBe(1);
  });

  test.each([["a mapped owner", seen("cache", dir(0o755))]])("is silent: %s", (_, at) => {
    expect(run(overflowOwner, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(overflowOwner, [seen("cache", dir(0o755, { uid: 65_534 }))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 entry of the cache belongs to a user or group that does not exist in this user namespace: not even root here can change owner or mode"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "cat /proc/self/uid_map /proc/self/gid_map",
        "export GOMODCACHE="$HOME/go/pkg/mod"",
      ]
    `);
  });

  test("outside of a user namespace 65534 is an ordinary user, nobody", () => {
    const at = seen("cache", dir(0o755, { uid: 65_534 }));
    expect(run(overflowOwner, [at], factsFor(subject(1001), dir(0o755)))).toBeUndefined();
  });
});
