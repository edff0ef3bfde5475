import { describe, expect, it } from "vitest";
import { found, linesOf } from "../found.ts";

const rule = "script-cache-world-writable";
const script = (line: string): number => found(rule, "x.sh", `#!/bin/sh\n${line}\n`).length;

describe(rule, () => {
  it.each([
    "chmod -R 777 $GOPATH",
    'sudo chmod -R 0777 "$(go env GOMODCACHE)"',
    "chmod -R a+rwX ~/go/pkg/mod",
    "chmod -R ugo+w $HOME/go/pkg",
    "chmod 666 -R `go env GOCACHE`",
    `chmod -R o+w \${GOMODCACHE:-/go/pkg/mod}`,
    "find . -name x; chmod -R go=u,o+w /home/ci/.cache/go-build",
  ])("%s", (line) => expect(script(line)).toBe(1));

  it.each([
    "chmod -R 755 $GOPATH",
    "chmod -R g+w $(go env GOMODCACHE)",
    "chmod -R 777 /tmp/shared",
    "chmod +x $GOPATH/bin/tool",
    "chmod -R 777 $GOPATH/src/app/testdata",
    "echo chmod -R 777 $GOPATH",
    "chmod 1777 $GOPATH",
  ])("is silent: %s", (line) => expect(script(line)).toBe(0));

  it("knows where the caches of a Dockerfile are", () => {
    expect(linesOf(rule, "FROM golang:1.22\nRUN go mod download && chmod -R 777 /go\n")).toEqual([2]);
    expect(linesOf(rule, "FROM debian:12\nENV GOCACHE=/c/b\nRUN mkdir -p /c/b && chmod a+rwx /c\n")).toEqual([3]);
    expect(linesOf(rule, "FROM debian:12\nRUN chmod -R 777 /go\n")).toEqual([]);
  });
});
