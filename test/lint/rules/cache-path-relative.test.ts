import { describe, expect, it } from "vitest";
import { fixed, found, linesOf } from "../found.ts";

const rule = "cache-path-relative";

describe(`${rule} in files`, () => {
  it.each([
    "ENV GOMODCACHE=.go/mod",
    "ENV GOPATH=go",
    "ENV GOCACHE=./cache",
    "RUN GOPATH=.go:/x go build",
    "ENV GOPATH=~/go",
  ])("%s", (line) => expect(linesOf(rule, `FROM golang:1.25\n${line}\n`)).toEqual([2]));

  it.each([
    "ENV GOMODCACHE=/go/mod",
    "ENV GOPATH=$HOME/go",
    "ENV GOCACHE=off",
    "ENV GOPATH=",
    "ENV OTHER=.go",
    "RUN export GOPATH=~/go && go build",
    "RUN GOMODCACHE=$PWD/mod go build",
    "RUN GOMODCACHE={{dir}} go build",
  ])("is silent: %s", (line) => expect(linesOf(rule, `FROM golang:1.25\n${line}\n`)).toEqual([]));

  it.each([
    [".gitlab-ci.yml", "variables:\n  GOPATH: .go\n"],
    [".github/workflows/x.yml", "jobs:\n  a: {env: {GOMODCACHE: .go/mod}}\n"],
    ["compose.yaml", "services:\n  a: {environment: [GOMODCACHE=.go/mod]}\n"],
    [".devcontainer.json", '{\n "remoteEnv": {"GOPATH": "~/go"}}\n'],
  ])("in %s", (path, text) => expect(found(rule, path, text).map(({ location }) => location?.line)).toEqual([2]));

  it("writes GitLab's path of the project, if asked to", () => {
    const text = "variables:\n  GOPATH: './.go' # here\n  GOMODCACHE: {value: mod, description: all}\n";
    expect(fixed(rule, ".gitlab-ci.yml", text)).toBe(text);
    expect(fixed(rule, ".gitlab-ci.yml", text, true)).toBe(
      'variables:\n  GOPATH: "$CI_PROJECT_DIR/.go" # here\n  GOMODCACHE: {value: "$CI_PROJECT_DIR/mod", description: all}\n',
    );
  });

  it("knows what is no path of its own", () => {
    for (const value of ["$CI_PROJECT_DIR/.go", "'%USERPROFILE%/go'", "'C:\\go'", "${{ github.workspace }}/x"])
      expect(found(rule, ".gitlab-ci.yml", `variables:\n  GOPATH: ${value}\n`)).toEqual([]);
  });
});
