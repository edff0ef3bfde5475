import { describe, expect, it } from "vitest";
import { linesOf } from "../found.ts";

const rule = "dockerfile-clean-in-later-layer";

describe(rule, () => {
  it.each([
    "go clean -modcache",
    "go clean --modcache -cache",
    "rm -rf /go/pkg",
    "rm -rf $(go env GOMODCACHE)",
    "rm -rf /go/pkg/mod/*",
  ])("%s", (command) => {
    expect(linesOf(rule, `FROM golang:1.22\nRUN go install x.org/y@v1\nRUN ${command}\n`)).toEqual([3]);
  });

  it.each([
    ["in the same instruction", "FROM golang:1.22\nRUN go install x.org/y@v1 && go clean -modcache\n"],
    ["in a stage that is not pushed", "FROM golang:1.22\nRUN go mod download\nRUN go clean -modcache\nFROM scratch\n"],
    ["what it downloaded itself", "FROM golang:1.22\nRUN go mod download\nRUN go get x.org/y && go clean -modcache\n"],
    ["the build cache", "FROM golang:1.22\nRUN go build ./...\nRUN go clean -cache\n"],
    ["nothing was downloaded", "FROM golang:1.22\nRUN go clean -modcache\n"],
    ["a mount", "FROM golang:1.22\nRUN go mod download\nRUN --mount=type=cache,target=/go/pkg go clean -modcache\n"],
  ])("is silent: %s", (_, text) => {
    expect(linesOf(rule, text)).toEqual([]);
  });
});
