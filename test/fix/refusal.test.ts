import { expect, test } from "vitest";
import { dangerOf, hasMarks } from "../../src/fix/refusal.ts";

const homes = ["/root", "/home/alice", "/home/bob/"];

test.each([
  "/",
  "/home",
  "/etc",
  "/etc/ssl",
  "/usr",
  "/usr/lib/go",
  "/var",
  "/tmp",
  "/home/alice",
  "/home/bob",
  "/proc/1",
])("%s is never a cache", (path) => expect(dangerOf(path, homes)).toBeDefined());

test.each([
  "/go/pkg/mod",
  "/gomodcache",
  "/home/alice/go/pkg/mod",
  "/var/cache/gomod",
  "/srv/gomod",
  "/opt/go/mod",
  "/home/alicex",
])("%s may be one", (path) => expect(dangerOf(path, homes)).toBeUndefined());

test("a cache is known by what go puts into it", () => {
  expect(hasMarks([], [])).toBe(true);
  expect(hasMarks(["cache", "github.com"], ["download", "lock"])).toBe(true);
  expect(hasMarks(["cache"], ["lock"])).toBe(true);
  expect(hasMarks(["cache"], ["thumbnails"])).toBe(false);
  expect(hasMarks(["notes.txt"], [])).toBe(false);
});
