import { expect, test } from "vitest";
import { couldHaveAcl } from "../../src/gocache/late-acl.ts";

const [directory, file, link] = [0o040755, 0o100644, 0o120777];
const now = 1_000_000;
/** Written and changed at the same time, long ago, in a module that was finished then. */
const old = { mode: file, mtimeMs: 100, ctimeMs: 100 };

test.each([
  ["a file that was written once", "source-file", old, 200, false],
  ["a file that was changed after it was written", "zip", { ...old, ctimeMs: 101 }, undefined, true],
  ["a list, which is written again and again", "list", old, undefined, true],
  ["a lock, which is not written", "lock", old, undefined, false],
  ["a directory outside of modules", "directory", { ...old, mode: directory }, undefined, true],
  ["a directory of a module, as go left it", "source-directory", { ...old, mode: directory }, 200, false],
  ["one that was changed after the module", "source-directory", { ...old, mode: directory, ctimeMs: 201 }, 200, true],
  ["what was changed just now", "source-file", { ...old, mtimeMs: now, ctimeMs: now }, 200, true],
  ["a link", "foreign", { mode: link, mtimeMs: now, ctimeMs: now }, undefined, false],
] as const)("%s", (_, kind, times, extracted, expected) => {
  expect(couldHaveAcl(kind, times, extracted, now - 1)).toBe(expected);
});
