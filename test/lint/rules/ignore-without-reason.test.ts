import { describe, expect, it } from "vitest";
import { lint } from "../../../src/lint/run.ts";

const rules = (text: string): string[] =>
  lint([{ path: "build.sh", text }]).findings.map(({ rule, location }) => `${rule}:${location?.line}`);

describe("ignore-without-reason", () => {
  it("is told, and the finding too", () => {
    expect(rules("# gomodcache ignore=script-sudo-go\nsudo go build\n")).toEqual([
      "ignore-without-reason:1",
      "script-sudo-go:2",
    ]);
  });

  it("is silent with a reason", () => {
    expect(rules("sudo go build # gomodcache ignore=script-sudo-go needs raw sockets\n")).toEqual([]);
  });
});
