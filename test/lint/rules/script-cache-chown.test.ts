import { describe, expect, it } from "vitest";
import { found, linesOf } from "../found.ts";

const rule = "script-cache-chown";
const script = (text: string): number => found(rule, "x.sh", `#!/bin/sh\n${text}\n`).length;

describe(rule, () => {
  it.each([
    "sudo chown -R $USER ~/go",
    'chown -R 1001:1001 "$(go env GOMODCACHE)"',
    "sudo chown --recursive $(id -u):$(id -g) $GOPATH/pkg",
  ])("%s", (text) => expect(script(text)).toBe(1));

  it.each(["chown -R 1001 /srv/app", "chown app $GOMODCACHE", "chown -R app ~/.cache/go-build", "chown -R ~/go"])(
    "is silent: %s",
    (text) => expect(script(text)).toBe(0),
  );

  it("is silent in a Dockerfile, which has a rule about layers", () => {
    expect(linesOf(rule, "FROM golang:1.22\nRUN go mod download && chown -R 1 /go\n")).toEqual([]);
  });
});
