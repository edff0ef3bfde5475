// What vcs-foreign-owner fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { vcsForeignOwner } from "../../src/rules/vcs-foreign-owner.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("vcs-foreign-owner", () => {
  test.each([
    ["root's repository", seen(`cache/vcs/${"0f".repeat(32)}`, dir(0o755, { uid: 0, gid: 0 }))],
    ["root's lock", seen(`cache/vcs/${"0f".repeat(32)}.lock`, file(0o644, { uid: 0, gid: 0 }))],
  ])("fires: %s", (_, at) => {
    expect(run(vcsForeignOwner, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["the user's repository", seen(`cache/vcs/${"0f".repeat(32)}`, dir(0o755, { uid: 1001 }))],
    ["what is in the repository", seen(`cache/vcs/${"0f".repeat(32)}/config`, file(0o644, { uid: 0, gid: 0 }))],
    ["a lock that everybody writes", seen(`cache/vcs/${"0f".repeat(32)}.lock`, file(0o666, { uid: 0, gid: 0 }))],
    ["an .info, which is only read", seen(`cache/vcs/${"0f".repeat(32)}.info`, file(0o644, { uid: 0, gid: 0 }))],
    [
      "a repository that everybody writes, with a Go that sets GIT_DIR",
      seen(`cache/vcs/${"0f".repeat(32)}`, dir(0o777, { uid: 0, gid: 0 })),
    ],
  ])("is silent: %s", (_, at) => {
    expect(run(vcsForeignOwner, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(vcsForeignOwner, [seen(`cache/vcs/${"0f".repeat(32)}`, dir(0o755, { uid: 0, gid: 0 }))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 entry of cache/vcs belongs to root (0): bob (1001) cannot fetch these repositories directly"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "export GOMODCACHE="$HOME/go/pkg/mod"",
        "find /srv/go/mod/cache/vcs -xdev ! -user 1001 -exec chown -h 1001 {} +",
      ]
    `);
  });

  test("Go 1.19 lets git refuse a repository of another user, even a writable one and even for root", () => {
    const go = { ...facts.go, version: { major: 1, minor: 19, text: "go1.19.8" } };
    const at = seen(`cache/vcs/${"0f".repeat(32)}`, dir(0o777));
    const draft = run(vcsForeignOwner, [at], factsFor(subject(0), dir(0o755), { go }));
    expect(draft?.why).toContain("dubious ownership");
    expect(draft?.severity).toBeUndefined();
  });

  test("is an error for a user who fetches directly", () => {
    const at = seen(`cache/vcs/${"0f".repeat(32)}.lock`, file(0o644));
    const direct = (env: Record<string, string>) => ({ ...facts, go: { ...facts.go, env } });
    expect(run(vcsForeignOwner, [at], direct({ GOPRIVATE: "corp.example" }))?.severity).toBe("error");
    expect(run(vcsForeignOwner, [at], direct({ GOPROXY: "direct" }))?.severity).toBe("error");
    expect(run(vcsForeignOwner, [at], direct({ GOPROXY: "https://proxy.example,direct" }))?.severity).toBeUndefined();
  });
});
