// What sticky-directory-with-files fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { stickyDirectoryWithFiles } from "../../src/rules/sticky-directory-with-files.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("sticky-directory-with-files", () => {
  test.each([
    ["1777 on @v", seen("cache/download/example.com/alpha/@v", dir(0o1777))],
    ["3775 on @v", seen("cache/download/example.com/alpha/@v", dir(0o3775, { gid: 3000 }))],
    ["1777 on cache, which holds lock", seen("cache", dir(0o1777))],
    ["1777 in cache/vcs", seen("cache/vcs", dir(0o1777))],
  ])("fires: %s", (_, at) => {
    expect(run(stickyDirectoryWithFiles, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["3775 on a module parent, which holds directories only", seen("example.com", dir(0o3775, { gid: 3000 }))],
    ["1755, which nobody else writes", seen("cache/download/example.com/alpha/@v", dir(0o1755))],
    ["2775", seen("cache/download/example.com/alpha/@v", dir(0o2775, { gid: 3000 }))],
    ["a sticky file", seen("cache/download/example.com/alpha/@v/list", file(0o1666))],
  ])("is silent: %s", (_, at) => {
    expect(run(stickyDirectoryWithFiles, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(stickyDirectoryWithFiles, [seen("cache/download/example.com/alpha/@v", dir(0o1777))], facts);
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 sticky directory holds files that several users write: the kernel refuses to open another user's lock file there"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod/cache -xdev -type d -perm -1000 -exec chmod -t {} +",
      ]
    `);
  });

  test.each([
    [0, 0o1777, "can replace or delete"],
    [1, 0o1770, "can replace or delete"],
    [1, 0o1777, "kernel refuses"],
    [2, 0o1770, "kernel refuses"],
  ])("with fs.protected_regular=%i and mode %o it says: %s", (protectedRegular, mode, text) => {
    const kernel = { ...facts.kernel, protectedRegular };
    const at = seen("cache", dir(mode, { gid: 3000 }));
    expect(run(stickyDirectoryWithFiles, [at], { ...facts, kernel })?.message).toContain(text);
  });
});
