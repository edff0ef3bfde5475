import { describe, expect, it } from "vitest";
import { type Pipeline, readPipeline, resolvedPath } from "../../../src/lint/gitlab/model.ts";
import { Unreadable } from "../../../src/lint/model.ts";
import { found } from "../found.ts";

const path = ".gitlab-ci.yml";
const read = (text: string): Pipeline => {
  const model = readPipeline({ path, text });
  if (model instanceof Unreadable) throw new Error(model.reason);
  return model;
};

describe("readPipeline", () => {
  it("reads scripts wherever they stand, and not what stands elsewhere", () => {
    const text = `spec: {inputs: {v: {default: golang}}}
---
default: {before_script: [go version]}
.setup: &setup
  - go env
.base: {script: go vet}
test:
  script:
    - *setup
    - !reference [.other, script]
    - ["go test $[[ inputs.v ]]", [go list]]
    - |
      cd x
      go build
  after_script: go clean
  hooks: {pre_get_sources_script: [go help]}
`;
    const said = read(text).commands.map(({ words }) => words.map(({ value }) => value).join(" "));
    expect(said.sort()).toEqual([
      "cd x",
      "go build",
      "go clean",
      "go env",
      "go help",
      "go list",
      "go test $[[ inputs.v ]]",
      "go version",
      "go vet",
    ]);
  });

  it("knows which variables a cache's path is read with", () => {
    const { caches, open } = read(`variables: {GOPATH: /a, X: {value: x, description: go}}
include: other.yml
.base: {variables: {GOPATH: /b, Y: y}}
cache: {paths: [one]}
default: {cache: [{paths: [two]}, {paths: [three]}]}
test: {extends: .base, variables: {Y: z}, cache: {paths: [four]}}
lint: {extends: [test, .gone], script: go vet}
`);
    expect(open).toBe(true);
    expect(caches.map(({ path, level, variables }) => [path, level, Object.fromEntries(variables)])).toEqual([
      ["one", "file", { GOPATH: "/a", X: "x" }],
      ["two", "default", { GOPATH: "/a", X: "x" }],
      ["three", "default", { GOPATH: "/a", X: "x" }],
      ["four", "job", { GOPATH: "/b", X: "x", Y: "z" }],
    ]);
  });

  it("does not follow a circle of extends for ever", () => {
    const names = Array.from({ length: 40 }, (_, at) => `.j${at}`);
    const text = names.map((name) => `${name}: {extends: [${names.join(", ")}], cache: {paths: [go]}}`).join("\n");
    expect(read(text).caches.length).toBe(40);
  });
});

it("puts variables into a path, as far as the file knows them", () => {
  const variables = new Map([
    ["GOPATH", "$CI_PROJECT_DIR/.go"],
    ["LOOP", "$LOOP/x"],
    ["SECRET", undefined],
  ]);
  const resolve = (text: string) => resolvedPath(text, variables);
  expect(resolve("${GOPATH}/pkg/mod")).toBe("$CI_PROJECT_DIR/.go/pkg/mod");
  expect(resolve("/go/pkg/mod")).toBe("/go/pkg/mod");
  for (const text of ["$HOME/go", "$SECRET", "$LOOP", "%X%"]) expect(resolve(text)).toBeUndefined();
});

it.each([
  ["checksum-database-off", "GOSUMDB", "off"],
  ["checksum-bypass-wide", "GONOSUMDB", "'*'"],
  ["insecure-download", "GIT_SSL_NO_VERIFY", "'1'"],
])("%s looks at variables and at scripts", (rule, name, value) => {
  const text = `variables:\n  ${name}: ${value}\ntest:\n  variables: {${name}: {value: ${value}}}\n  script:\n    - export ${name}=${value}\n    - go test\n`;
  expect(found(rule, path, text).map(({ location }) => location?.line)).toEqual([2, 4, 6]);
});

it("sudo go and 777 are told in scripts", () => {
  const text = "test:\n  script:\n    - sudo go test\n    - chmod -R 777 $GOMODCACHE\n";
  expect(found("script-sudo-go", path, text).map(({ location }) => location?.line)).toEqual([3]);
  expect(found("script-cache-world-writable", path, text).map(({ location }) => location?.line)).toEqual([4]);
});
