// What entry-not-writable-by-subject fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { entryNotWritableBySubject } from "../../src/rules/entry-not-writable-by-subject.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1000), dir(0o755));

describe("entry-not-writable-by-subject", () => {
  test.each([
    [
      "root's version directory in the user's cache",
      seen("cache/download/example.com/alpha/@v", dir(0o755, { uid: 0, gid: 0 })),
    ],
    ["a module parent without u+w", seen("example.com", dir(0o555))],
    [
      "another member's directory in a setgid share",
      seen("cache/download/example.com", dir(0o2755, { uid: 1001, gid: 3000 }), dir(0o2775, { gid: 3000 })),
    ],
    ["an immutable directory", seen("cache/download/example.com/alpha/@v", dir(0o755, { immutable: true }))],
  ])("fires: %s", (_, at) => {
    expect(run(entryNotWritableBySubject, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["the user's own directory", seen("cache/download/example.com/alpha/@v", dir(0o755))],
    ["a directory of the group", seen("cache/download/example.com/alpha/@v", dir(0o2775, { uid: 1001, gid: 3000 }))],
    ["a directory that cannot be entered", seen("cache/download/example.com/alpha/@v", dir(0o700, { uid: 0, gid: 0 }))],
    [
      "what is out of reach",
      seen("cache/download/example.com/alpha/@v", dir(0o755, { uid: 0, gid: 0 }), dir(0o755), false),
    ],
    ["an extracted directory of root", seen("example.com/alpha@v1.0.0", dir(0o555, { uid: 0, gid: 0 }))],
    ["a file of root", seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o644, { uid: 0, gid: 0 }))],
  ])("is silent: %s", (_, at) => {
    expect(run(entryNotWritableBySubject, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(
      entryNotWritableBySubject,
      [seen("cache/download/example.com/alpha/@v", dir(0o755, { uid: 0, gid: 0 }))],
      facts,
    );
    expect(draft?.message).toMatchInlineSnapshot(
      `"alice (1000) cannot write 1 directory of the cache (owner: root (0))"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev ! -user 1000 -exec chown -h 1000 {} +",
      ]
    `);
  });

  test("is silent where the user may write nothing: that is a store, and cache-not-writable tells it", () => {
    const store = factsFor(subject(1002), dir(0o755));
    expect(run(entryNotWritableBySubject, [seen("", dir(0o755))], store)).toBeUndefined();
    const writable = { ...store, cache: { ...store.cache, writable: { verdict: "yes" as const } } };
    expect(run(entryNotWritableBySubject, [seen("cache", dir(0o755))], writable)?.count).toBe(1);
  });

  test("is an error where the user may write the cache, and names the decay of the share", () => {
    const share = dir(0o2775, { gid: 3000 });
    const decayed = seen("cache", dir(0o2755, { gid: 3000 }), share);
    const draft = run(entryNotWritableBySubject, [decayed], factsFor(subject(1001), share));
    expect(draft?.severity).toBeUndefined();
    expect(draft?.why).toContain("The share decays");
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod -xdev -path '/srv/go/mod/*[!/]@v*' -prune -o -type d -exec setfacl -m g:3000:rwx,d:u::rwx,d:g::rwx,d:g:3000:rwx {} + -o -type f \\( -name '*.lock' -o -name '*.ziphash' -o -name list \\) -exec setfacl -m g:3000:rw {} +",
      ]
    `);
  });

  test("a read-only mount is not blamed on owners", () => {
    const mount = {
      mountPoint: "/srv",
      type: "ext4",
      source: "/dev/sda",
      readOnly: true,
      noexec: false,
      idmapped: false,
      options: [],
    };
    expect(run(entryNotWritableBySubject, [seen("cache", dir(0o755, { mount }))], facts)).toBeUndefined();
  });

  test("cannot look where a daemon decides", () => {
    const mount = {
      mountPoint: "/srv",
      type: "fuse.sshfs",
      source: "x",
      readOnly: false,
      noexec: false,
      idmapped: false,
      options: [],
    };
    expect(entryNotWritableBySubject.blocked?.({ ...facts, cache: { ...facts.cache, mount } })).toContain(
      "daemon decides",
    );
    expect(entryNotWritableBySubject.blocked?.(facts)).toBeUndefined();
  });
});
