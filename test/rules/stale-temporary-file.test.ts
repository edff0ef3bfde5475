// What stale-temporary-file fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { staleTemporaryFile } from "../../src/rules/stale-temporary-file.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("stale-temporary-file", () => {
  test.each([
    [
      "a zip of yesterday",
      seen("cache/download/example.com/alpha/@v/v1.0.0.zip123456.tmp", file(0o644, { modified: 1_699_900_000_000 })),
    ],
    ["a directory of Go 1.15", seen("example.com/alpha@v1.0.0.tmp-123456", dir(0o700))],
  ])("fires: %s", (_, at) => {
    expect(run(staleTemporaryFile, [at], facts)?.count).toBe(1);
  });

  test.each([
    [
      "a zip that is being fetched",
      seen("cache/download/example.com/alpha/@v/v1.0.0.zip123456.tmp", file(0o644, { modified: 1_699_999_000_000 })),
    ],
    ["a zip", seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o644))],
    ["a module", seen("example.com/alpha@v1.0.0", dir(0o555))],
  ])("is silent: %s", (_, at) => {
    expect(run(staleTemporaryFile, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(
      staleTemporaryFile,
      [seen("cache/download/example.com/alpha/@v/v1.0.0.zip123456.tmp", file(0o644, { modified: 1_699_900_000_000 }))],
      facts,
    );
    expect(draft?.message).toMatchInlineSnapshot(`"1 temporary entry of killed downloads take up space"`);
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod/cache/download -xdev -type f -name '*[0-9].tmp' -mmin +60 -exec rm -f {} +",
      ]
    `);
  });

  test("without a clock, only if no go command runs", () => {
    const at = seen("cache/download/example.com/alpha/@v/v1.0.0.mod1.tmp", file(0o644));
    const { now: _, ...timeless } = facts;
    expect(run(staleTemporaryFile, [at], timeless)?.count).toBe(1);
    const runningGo = { value: [{ pid: 7, uid: 1000, command: "go build" }] };
    expect(run(staleTemporaryFile, [at], { ...timeless, runningGo })).toBeUndefined();
    expect(run(staleTemporaryFile, [at], { ...timeless, runningGo: { unseen: "no /proc" } })).toBeUndefined();
  });

  test("old directories need write permission before they can go", () => {
    const draft = run(staleTemporaryFile, [seen("example.com/alpha@v1.0.0.tmp-1", dir(0o500))], facts);
    expect(draft?.fixes[1]?.command).toMatchInlineSnapshot(
      `"find /srv/go/mod -xdev -type d -name '*@v*.tmp-[0-9]*' -prune -exec chmod -R u+w {} + -exec rm -rf {} +"`,
    );
  });
});
