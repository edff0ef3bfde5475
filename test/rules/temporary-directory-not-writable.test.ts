import { describe, expect, it } from "vitest";
import { temporaryDirectoryNotWritable as rule } from "../../src/rules/temporary-directory-not-writable.ts";
import { aDirectory, aMount, aPlace, healthyFacts, only } from "./healthy-facts.ts";

describe("temporary-directory-not-writable", () => {
  const refused = { verdict: "no", at: "/tmp", because: "others have r-x" } as const;
  const own = 'mkdir -p "$HOME/.cache/go-tmp" && export GOTMPDIR="$HOME/.cache/go-tmp"';

  it("is silent on a writable one", () => expect(rule.check(healthyFacts())).toEqual([]));

  it("asks only about GOTMPDIR when that is set", () => {
    const places = [aPlace("GOTMPDIR", "/scratch"), aPlace("TMPDIR", "/tmp", { writable: refused })];
    expect(rule.check(healthyFacts({ places }))).toEqual([]);
  });

  it("gives /tmp its usual mode", () => {
    const place = aPlace("TMPDIR", "/tmp", { entry: aDirectory({ uid: 0, gid: 0 }), writable: refused });
    expect(only(rule, { places: [place] }).fixes.map(({ command }) => command)).toEqual([
      "sudo install -d -m 1777 /tmp",
      own,
    ]);
  });

  it("does not repair a read-only mount", () => {
    const place = aPlace("TMPDIR", "/tmp", { mount: aMount({ readOnly: true }), writable: refused });
    expect(only(rule, { places: [place] }).fixes.map(({ command }) => command)).toEqual([own]);
  });

  it("knows that go does not make a missing one", () => {
    const place = aPlace("GOTMPDIR", "/scratch/tmp", { entry: "absent" });
    const finding = only(rule, { places: [place] });
    expect(finding.message).toContain("GOTMPDIR is /scratch/tmp, which does not exist");
    expect(finding.fixes[0]?.command).toBe("mkdir -p /scratch/tmp");
  });
});
