// The remedy by fix: by whom it can be run, on each system.
import { expect, test } from "vitest";
import { repairByFix } from "../../../src/rules/shared/repair.ts";
import { dir, factsFor, subject } from "../sample-cache.ts";

function command(platform: string, owner: number, self: number, rule = "ziphash-torn"): string | undefined {
  const top = dir(0o755, { uid: owner });
  const facts = factsFor(subject(self), top, { platform, self: subject(self), userNames: new Map([[1000, "alice"]]) });
  return repairByFix(rule, facts)[0]?.command?.replace(facts.cache.realPath, "CACHE");
}

test.each<[string, string, number, number, string | undefined]>([
  ["Linux, the owner", "linux", 1000, 1000, "gomodcache fix --cache-dir CACHE --only ziphash-torn"],
  ["Linux, another user", "linux", 1000, 1001, "sudo gomodcache fix --cache-dir CACHE --only ziphash-torn"],
  ["macOS, the owner", "darwin", 1000, 1000, "gomodcache fix --cache-dir CACHE --only ziphash-torn"],
  [
    "macOS, another user: root would be refused",
    "darwin",
    1000,
    1001,
    "sudo -u alice gomodcache fix --cache-dir CACHE --only ziphash-torn",
  ],
  ["macOS, a cache of root's", "darwin", 0, 1001, "sudo gomodcache fix --cache-dir CACHE --only ziphash-torn"],
  ["another system", "freebsd", 1000, 1000, undefined],
])("%s", (_, platform, owner, self, expected) => {
  expect(command(platform, owner, self)).toBe(expected);
});

test("what fix has to be told more for gets no such remedy", () => {
  expect(command("linux", 1000, 1000, "foreign-owner")).toBeUndefined();
});
