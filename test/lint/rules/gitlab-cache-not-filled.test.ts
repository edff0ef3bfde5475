import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";

const rule = "gitlab-cache-not-filled";
const path = ".gitlab-ci.yml";
const job = (paths: string, more = "", script = "go test ./..."): string =>
  `test:\n  image: golang:1.25\n${more}  cache:\n    paths: [${paths}]\n  script:\n    - ${script}\n`;
const lines = (text: string) => found(rule, path, text).map(({ location }) => location?.line);

describe(rule, () => {
  it.each([".go/pkg/mod", ".go/pkg/mod/", "$CI_PROJECT_DIR/.go/pkg/mod", "./go/pkg/mod", ".cache/go-build"])(
    "%s",
    (paths) => expect(lines(job(paths))).toEqual([4]),
  );

  it.each([
    ["GOMODCACHE is set", job(".go/pkg/mod", "  variables: {GOMODCACHE: $CI_PROJECT_DIR/.go/pkg/mod}\n")],
    ["GOPATH is exported", job(".go/pkg/mod", "  before_script: [export GOPATH=$PWD/.go]\n")],
    ["HOME is in the project", job(".cache/go-build", "  variables: {HOME: $CI_PROJECT_DIR}\n")],
    ["other files add to this one", `include: base.yml\n${job(".go/pkg/mod")}`],
    ["who runs go is not told", job(".go/pkg/mod", "", "make test")],
    ["another cache", job("vendor/, node_modules")],
    ["outside", job("/go/pkg/mod")],
  ])("is silent: %s", (_, text) => expect(lines(text)).toEqual([]));

  it("points go there", () => {
    expect(fixed(rule, path, job(".go/pkg/mod/"))).toBe(
      job(".go/pkg/mod/", '  variables: {GOMODCACHE: "$CI_PROJECT_DIR/.go/pkg/mod"}\n'),
    );
    const visible = job("go/pkg/mod/");
    expect(fixed(rule, path, visible)).toBe(visible);
    expect(lines(fixed(rule, path, visible, true))).toEqual([]);
  });
});
