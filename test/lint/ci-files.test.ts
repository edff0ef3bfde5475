// CI files of every kind as somebody else may write them: broken, huge, with other line ends; and after --fix they are what they were.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { withoutComments } from "../../src/lint/devcontainer/jsonc.ts";
import { applyEdits, chooseEdits } from "../../src/lint/edit.ts";
import { lint } from "../../src/lint/run.ts";

const paths = [
  ".github/workflows/a.yml",
  ".github/actions/a/action.yml",
  ".gitlab-ci.yml",
  "compose.yaml",
  ".devcontainer/devcontainer.json",
  "task.yaml",
];
const folder = new URL("fixtures/", import.meta.url);
const own = /workflow|\.action|gitlab-ci|compose|devcontainer|task|pipeline/;
const fixtures = readdirSync(folder)
  .filter((name) => own.test(name) && !name.endsWith(".md") && !name.endsWith("Dockerfile"))
  .map((name) => readFileSync(new URL(name, folder), "utf8"));

/** Files in which the rules of each kind find what they can edit. */
const bad: readonly (readonly [string, string])[] = [
  [
    ".github/workflows/a.yml",
    `# ci
on: push
jobs:
  a:
    runs-on: ubuntu-latest # hosted
    steps:
      - uses: actions/setup-go@v5
      - name: cache
        uses: actions/cache@v4
        with:
          path: |
            ~/go/pkg/mod
            ~/.cache/go-build
          key: go
      - {uses: golangci/golangci-lint-action@v3, with: {version: v1.50}}
  b:
    runs-on: [self-hosted]
    env: {GOMODCACHE: "\${{ github.workspace }}/.go"}
    steps:
      - run: |
          # as root
          sudo -E go build ./...
          rm -rf $GOMODCACHE
  c:
    runs-on: ubuntu-latest
    container: {image: golang, options: "--user 1000"}
    steps: [{run: go build}]
`,
  ],
  [
    ".github/actions/a/action.yml",
    `name: go
runs:
  using: composite # of steps
  steps:
    - uses: actions/cache@v4
      with: {path: ~/go/pkg/mod, key: go}
    - uses: actions/setup-go@v5
      with:
        go-version: stable
    - shell: bash
      run: |
        sudo -E go build ./...
        docker run -v ~/go/pkg/mod:/go/pkg/mod golang make
`,
  ],
  [
    ".gitlab-ci.yml",
    `a:
  cache:
    - paths:
        - /go/pkg/mod # all
    - {key: b, paths: [~/.cache/go-build]}
  script: [sudo go test]
b:
  variables: {A: b}
  cache: {paths: [/root/go/pkg/mod]}
  script: go vet
`,
  ],
  [".gitlab-ci.yml", "# one\na:\n  cache:\n    paths: [.go/pkg/mod/]\n  script:\n    - go test\n"],
  [
    "compose.yaml",
    `services:
  a:
    image: golang:1.25
    user: "1000" # me
    command: [go, build]
    volumes: ["mod:/go/pkg/mod"]
volumes: {mod: }
`,
  ],
  [
    ".devcontainer/devcontainer.json",
    `{
	// go
	"image": "mcr.microsoft.com/devcontainers/go",
	"mounts": ["source=mod,target=/go/pkg/mod,type=volume",],
	"postCreateCommand": "sudo go install ./...", /* all */
}
`,
  ],
];

const lintOne = (path: string, text: string) => lint([{ path, text }], { around: { has: () => true } });

/** What --fix does, without its last look. */
function repaired(path: string, text: string): string {
  let current = text;
  for (let round = 0; round < 8; round += 1) {
    const edits = chooseEdits(lintOne(path, current).findings, true);
    if (edits.length === 0) break;
    current = applyEdits(current, edits);
  }
  return current;
}

describe("any text", () => {
  const pieces = fc.constantFrom(
    ..."jobs:|runs:|using: composite|steps:|- uses: actions/setup-go@v5|run: |script:|cache:|paths:|services:|volumes:|go build|golang|&a|*a|<<: *a|!reference [a, b]|${{ x }}|$[[ x ]]|$(params.x)|$$|{|}|[|]|\"|'|//|/*|#|:|\n|\r\n|\t|  |\u0000|\ufeff|\ud800|apiVersion: tekton.dev/v1|kind: Task|spec:|extends:|image:|mounts".split(
      "|",
    ),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.array(pieces, { maxLength: 60 }).map((parts) => `go ${parts.join("")}`),
    fc
      .tuple(fc.constantFrom(...fixtures, ...bad.map(([, one]) => one)), fc.nat(), fc.nat(40), pieces)
      .map(([one, at, length, piece]) => {
        const start = at % (one.length + 1);
        return one.slice(0, start) + piece + one.slice(start + length);
      }),
  );

  it.each(paths)("crashes nothing as %s, and is mended only where it can be read", (path) => {
    fc.assert(
      fc.property(text, (one) => {
        const { findings, skipped } = lintOne(path, one);
        for (const { rule } of skipped) expect(rule).toBe("file");
        for (const { location, fixes } of findings) {
          expect(location?.line).toBeGreaterThan(0);
          for (const edit of fixes.flatMap(({ edits = [] }) => edits)) expect(edit.end).toBeLessThanOrEqual(one.length);
        }
        if (findings.length > 0) expect(lintOne(path, repaired(path, one)).skipped).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

describe("large files", () => {
  it.each(paths)("10 MB as %s are a stated skip, or read in time", (path) => {
    const line = path.endsWith("json") ? '  "go": "golang",\n' : "apiVersion: tekton.dev/v1 # golang\n";
    const { findings, skipped } = lintOne(path, line.repeat(Math.ceil(10_000_000 / line.length)));
    expect(findings).toEqual([]);
    expect(skipped.map(({ reason }) => reason.replace(/^.*: /, ""))).toEqual(["it is larger than 2 MiB"]);
  });

  it("texts of beginnings take no longer than others", () => {
    const much = (piece: string): string => piece.repeat(Math.floor(1_500_000 / piece.length));
    const texts: [string, string][] = [
      [".github/workflows/a.yml", `jobs: {a: {steps: [{run: "go ${much("${{ ")}"}]}}`],
      [".github/workflows/a.yml", `jobs: {a: {steps: [{uses: actions/setup-go@${"a".repeat(40)} }]}} ${much("#")}`],
      [".gitlab-ci.yml", `a: {script: "go ${much("$[[ ")}"}`],
      ["compose.yaml", `services: {go: {volumes: ["${"${a}".repeat(100_000)}"]}}`],
      [".devcontainer.json", `{"a": "golang", "postCreateCommand": "go ${much("${localEnv:a")}"}`],
      [".devcontainer.json", `golang "${much('\\"')}`],
      ["task.yaml", `apiVersion: tekton.dev/v1\nkind: Task\nspec: {steps: [{script: "go ${much("$(params.a[")}"}]}`],
      ["compose.yaml", `# go ${much("http.")}`],
    ];
    for (const [path, text] of texts) expect(lintOne(path, text).findings).toEqual([]);
  });

  it("many jobs, services and steps", () => {
    const many = (count: number, one: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => one(index)).join("");
    const texts: [string, string][] = [
      [
        ".github/workflows/a.yml",
        `jobs:\n${many(900, (at) => `  j${at}: {runs-on: x, steps: [{run: sudo go build}]}\n`)}`,
      ],
      [
        ".gitlab-ci.yml",
        many(1_500, (at) => `j${at}: {extends: j${at + 1}, cache: {paths: [~/go]}, script: go test}\n`),
      ],
      [
        "compose.yaml",
        `services:\n${many(200, (at) => `  s${at}: {image: golang, user: "${at}", command: go get x, volumes: [m:/go]}\n`)}`,
      ],
    ];
    for (const [path, text] of texts) expect(lintOne(path, text).skipped).toEqual([]);
    const more = `jobs:\n${many(2_100, (at) => `  j${at}: {runs-on: x, steps: [{run: go build}]}\n`)}`;
    expect(lintOne(".github/workflows/a.yml", more).skipped[0]?.reason).toContain("more than 2000 jobs");
  });
});

describe("line ends and byte order marks", () => {
  it.each(bad)("%s: what is found stays where it is", (path, text) => {
    const places = (one: string) =>
      lintOne(path, one).findings.map(({ rule, location }) => [rule, location?.line, location?.column]);
    const plain = places(text);
    expect(plain.length).toBeGreaterThan(0);
    expect(places(text.replace(/\n/g, "\r\n"))).toEqual(plain);
    expect(places(`\ufeff${text}`)).toEqual(plain);
  });
});

/** The values of a file without what a fix sets, as text. */
function valuesOf(path: string, text: string): unknown[] {
  const yaml = path.endsWith("json") ? withoutComments(text) : text;
  return parseAllDocuments(yaml, { uniqueKeys: true }).map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    return document.toJS();
  });
}

describe("--fix", () => {
  it.each(bad)("%s stays what it was, but for what is mended", (path, text) => {
    for (const one of [text, text.replace(/\n/g, "\r\n"), `\ufeff${text}`]) {
      const after = repaired(path, one);
      expect(after).not.toBe(one);
      const left = lintOne(path, after).findings.filter(({ fixes }) => fixes.some(({ edits }) => edits !== undefined));
      expect(left).toEqual([]);
      // Comments and line ends stay.
      for (const comment of one.match(/(#|\/\/|\/\*).*/g) ?? []) expect(after).toContain(comment);
      if (one.includes("\r\n")) expect(after.replace(/\r\n/g, "")).not.toContain("\n");
      const [before, now] = [valuesOf(path, one), valuesOf(path, after)];
      expect(now.length).toBe(before.length);
      // Keys are added, and none is lost.
      expect(keysOf(now)).toEqual(expect.arrayContaining(keysOf(before)));
    }
  });
});

function keysOf(value: unknown, above = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [`${above}/${key}`, ...keysOf(one, `${above}/${key}`)]);
}
