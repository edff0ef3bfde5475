import { describe, expect, test } from "vitest";
import { mayFetch, parseGoCommand, readsModules, runsPrograms } from "../../src/gocache/go-command.ts";

describe("which go command it is", () => {
  test.each([
    [["go", "build", "./..."], { name: "build", args: ["./..."] }],
    [["/usr/lib/go-1.22/bin/go", "mod", "download", "-x"], { name: "mod download", args: ["-x"] }],
    [["go1.22.3", "-C", "sub", "test"], { name: "test", args: [], directory: "sub" }],
    [["go", "-C=sub", "work", "sync"], { name: "work sync", args: [], directory: "sub" }],
    [["go"], { name: "", args: [] }],
    [["gofmt", "-l"], undefined],
    [["make", "go"], undefined],
  ])("%j", (argv, parsed) => expect(parseGoCommand(argv)).toEqual(parsed));

  test("what it does to modules and streams", () => {
    const go = (...words: string[]) => parseGoCommand(["go", ...words]);
    expect([go("env", "GOPROXY"), go("version"), go()].map(mayFetch)).toEqual([false, false, false]);
    expect([go("build"), go("get", "x"), undefined].map(mayFetch)).toEqual([true, true, true]);
    expect(["build", "vet", "list"].map((name) => readsModules({ name, args: [] }))).toEqual([true, true, true]);
    expect(readsModules({ name: "build", args: ["-mod=vendor"] })).toBe(false);
    expect(readsModules({ name: "install", args: ["example.com/tool@latest"] })).toBe(false);
    expect([go("run", "."), go("test"), go("generate"), undefined].map(runsPrograms)).toEqual(Array(4).fill(true));
    expect(runsPrograms(go("build"))).toBe(false);
  });
});
