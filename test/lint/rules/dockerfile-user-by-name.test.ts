import { describe, expect, it } from "vitest";
import { fixed, linesOf } from "../found.ts";

const rule = "dockerfile-user-by-name";

describe(rule, () => {
  it.each([
    ["a name", "FROM debian:12\nUSER app\n", 2],
    ["a name with a group", "FROM debian:12\nUSER app:app\n", 2],
    ["the last one counts", "FROM debian:12\nUSER 1\nRUN true\nUSER app\n", 4],
    ["of an earlier stage that it goes on from", "FROM debian:12 AS a\nUSER app\nFROM a\n", 2],
  ])("%s", (_, text, line) => expect(linesOf(rule, text)).toEqual([line]));

  it.each([
    ["a number", "FROM debian:12\nUSER 1001\n"],
    ["numbers", "FROM debian:12\nUSER 1001:1001\n"],
    ["root", "FROM debian:12\nUSER root\n"],
    ["a variable", "FROM debian:12\nARG WHO\nUSER $WHO\n"],
    ["a stage that is not pushed", "FROM golang:1.22\nUSER app\nFROM scratch\nUSER 1001\n"],
    ["nobody at all", "FROM debian:12\n"],
  ])("is silent: %s", (_, text) => expect(linesOf(rule, text)).toEqual([]));

  it("writes the number where the file tells it", () => {
    const fix = (text: string): string => fixed(rule, "Dockerfile", text);
    expect(fix("FROM debian:12\nRUN useradd -u 1001 app\nUSER app\n")).toContain("\nUSER 1001\n");
    expect(fix("FROM gcr.io/distroless/static:nonroot\nUSER nonroot:nonroot\n")).toContain("\nUSER 65532:65532\n");
    expect(fix("FROM debian:12\nUSER app\n")).toContain("\nUSER app\n");
    expect(fix("FROM debian:12\nRUN useradd -u 1001 app\nUSER app:staff\n")).toContain("\nUSER app:staff\n");
  });
});
