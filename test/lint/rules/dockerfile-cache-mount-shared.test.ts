import { describe, expect, it } from "vitest";
import { fixed, linesOf } from "../found.ts";

const rule = "dockerfile-cache-mount-shared";
const mount = (options: string): string => `RUN --mount=type=cache,${options} go mod download\n`;
const own = "target=/go/pkg/mod,uid=1001,gid=1001";

describe(rule, () => {
  it.each([
    ["the same target", `${mount(own)}USER 1001\n${mount(own)}`, [4]],
    ["the same id", `USER 1001\n${mount(`id=m,${own}`)}USER root\n${mount(`id=m,${own}`)}`, [5]],
    [
      "everybody may write",
      `USER 1\n${mount("target=/go/pkg/mod,mode=0777")}USER 2\n${mount("target=/go/pkg/mod,mode=0777")}`,
      [5],
    ],
    ["in another stage", `${mount(own)}FROM golang:1.22\nUSER 1001\n${mount(own)}`, [5]],
  ])("%s", (_, text, lines) => {
    expect(linesOf(rule, `FROM golang:1.22\n${text}`)).toEqual(lines);
  });

  it.each([
    ["one user", `USER 1001\n${mount(own)}${mount(own)}`],
    ["an id each", `${mount(`id=a,${own}`)}USER 1001\n${mount(`id=b,${own}`)}`],
    ["an owner each: BuildKit keeps them apart", `${mount("target=/go/pkg/mod")}USER 1001\n${mount(own)}`],
    ["the second only reads", `${mount(own)}USER 1001\n${mount(`${own},readonly`)}`],
    ["not a cache of go", `${mount("target=/x,uid=1001")}USER 1001\n${mount("target=/x,uid=1001")}`],
  ])("is silent: %s", (_, text) => {
    expect(linesOf(rule, `FROM golang:1.22\n${text}`)).toEqual([]);
  });

  it("gives the second user a mount of its own", () => {
    const text = `FROM golang:1.22\n${mount(own)}USER 1001\n${mount(own)}`;
    const after = fixed(rule, "Dockerfile", text);
    expect(after.split("\n")[3]).toBe(`RUN --mount=type=cache,id=go-pkg-mod-1001,${own} go mod download`);
  });
});
