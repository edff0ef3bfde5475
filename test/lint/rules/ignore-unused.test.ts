import { describe, expect, it } from "vitest";
import { lint } from "../../../src/lint/run.ts";

const messages = (text: string, only?: string): string[] =>
  lint([{ path: "build.sh", text }], only === undefined ? {} : { only: new Set([only]) }).findings.map(
    ({ rule, message }) => `${rule}: ${message}`,
  );

describe("ignore-unused", () => {
  it.each([
    ["a fault that is gone", "script-sudo-go", "script-sudo-go finds nothing here"],
    ["a misspelt rule", "sudo-go", "there is no rule sudo-go"],
  ])("tells of %s", (_, rule, message) => {
    expect(messages(`# gomodcache ignore=${rule} because\ngo build\n`)).toEqual([
      `ignore-unused: ${message}, so this ignore holds nothing back`,
    ]);
  });

  it("is silent where it holds something back, and where not every rule looked", () => {
    expect(messages("# gomodcache ignore=script-sudo-go raw sockets\nsudo go test\n")).toEqual([]);
    expect(messages("# gomodcache ignore=script-sudo-go raw sockets\ngo test\n", "script-sudo-go")).toEqual([]);
  });
});
