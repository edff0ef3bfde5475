import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";

const rule = "gitlab-cache-outside-project";
const path = ".gitlab-ci.yml";
const job = (paths: string, variables = ""): string =>
  `test:\n${variables}  cache:\n    paths:\n      - ${paths}\n  script: go test ./...\n`;
const lines = (text: string) => found(rule, path, text).map(({ location }) => location?.line);

describe(rule, () => {
  it.each([
    "/go/pkg/mod",
    "/go/pkg/mod/",
    "/root/go",
    "/root/.cache/go-build",
    "~/go/pkg/mod",
    "'~/.cache/go-build/'",
    "../go/pkg/mod",
    "/go",
  ])("%s", (paths) => expect(lines(job(paths))).toEqual([4]));

  it("follows the variables of the file", () => {
    expect(lines(job("$GOPATH/pkg/mod", "  variables: {GOPATH: /go}\n"))).toEqual([5]);
    expect(lines(job("${GOMODCACHE}", "  variables: {GOMODCACHE: /cache/pkg/mod}\n"))).toEqual([5]);
    expect(lines(job("$GOPATH/pkg/mod", "  variables: {GOPATH: $CI_PROJECT_DIR/.go}\n"))).toEqual([]);
  });

  it.each([
    ".go/pkg/mod",
    "$CI_PROJECT_DIR/.go/pkg/mod",
    "${CI_PROJECT_DIR}/go/pkg/mod",
    "$GOPATH/pkg/mod",
    "$HOME/go/pkg/mod",
    "/builds/x/y/.go/pkg/mod",
    "/usr/lib/node_modules",
    "vendor/",
  ])("is silent: %s", (paths) => expect(lines(job(paths))).toEqual([]));

  it("moves it into the project, if asked to", () => {
    const text = job("/go/pkg/mod # all");
    expect(fixed(rule, path, text)).toBe(text);
    expect(fixed(rule, path, text, true)).toBe(
      job(".go/pkg/mod/ # all", '  variables: {GOMODCACHE: "$CI_PROJECT_DIR/.go/pkg/mod"}\n'),
    );
    const set = job("~/.cache/go-build", "  variables:\n    A: b\n");
    expect(fixed(rule, path, set, true)).toBe(
      job(".cache/go-build/", '  variables:\n    GOCACHE: "$CI_PROJECT_DIR/.cache/go-build"\n    A: b\n'),
    );
  });

  it("does not edit what is set, or shared", () => {
    const set = job("/go/pkg/mod", "  variables: {GOMODCACHE: /go/pkg/mod}\n");
    expect(fixed(rule, path, set, true)).toBe(set);
    const shared = "default:\n  cache: {paths: [/go/pkg/mod]}\ntest: {script: go test}\n";
    expect([lines(shared), fixed(rule, path, shared, true)]).toEqual([[2], shared]);
  });
});
