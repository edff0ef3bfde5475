import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";

const rule = "github-cache-restored-twice";
const path = ".github/workflows/ci.yml";
const job = (steps: string, head = "runs-on: ubuntu-latest"): string =>
  `jobs:\n  test:\n    ${head}\n    steps:\n${steps}`;
const setup = (version: string, inputs = ""): string =>
  `      - uses: actions/setup-go@${version}\n        with:\n          go-version: "1.25"\n${inputs}`;
const cache = (...paths: string[]): string =>
  `      - uses: actions/cache@v4\n        with:\n          path: |\n${paths.map((one) => `            ${one}\n`).join("")}          key: go\n`;
const both = ["~/go/pkg/mod", "~/.cache/go-build"];
const linter = (version: string, inputs = ""): string =>
  `      - uses: golangci/golangci-lint-action@${version}\n${inputs}`;
const lines = (text: string, options = {}) => found(rule, path, text, options).map(({ location }) => location?.line);

describe(rule, () => {
  it.each([
    ["setup-go keeps it by default", setup("v5") + cache(...both), 8],
    ["the other way round", cache(...both) + setup("v4.1.0"), 11],
    ["an old setup-go that is told to", setup("v3", "          cache: true\n") + cache("~/go/pkg/mod/"), 9],
    ["a commit with its version", setup(`${"a".repeat(40)} # v6.0.0`) + cache("~/go"), 8],
    ["setup-go twice", setup("v5") + setup("v5"), 8],
    ["an old linter", setup("v5") + linter("v3"), 8],
    ["restore alone", setup("v5") + cache(...both).replace("cache@", "cache/restore@"), 8],
  ])("%s", (_, steps, line) => expect(lines(job(steps))).toEqual([line]));

  it.each([
    ["setup-go alone", setup("v5")],
    ["setup-go without its cache", setup("v5", "          cache: false\n") + cache(...both)],
    ["an expression decides", setup("v5", "          cache: ${{ inputs.cache }}\n") + cache(...both)],
    ["setup-go before version 4", setup("v3") + cache(...both)],
    ["a commit without a version", setup("a".repeat(40)) + cache(...both)],
    ["other directories", setup("v5") + cache("~/.cache/golangci-lint", "node_modules")],
    ["a step that may be skipped", setup("v5") + cache(...both).replace("- uses", "- if: failure()\n        uses")],
    ["saving", setup("v5") + cache(...both).replace("cache@", "cache/save@")],
    ["looking only", `${setup("v5") + cache(...both)}          lookup-only: true\n`],
    ["a linter of today", setup("v5") + linter("v6")],
    ["an old linter that is told", setup("v5") + linter("v4", "        with: {skip-cache: true}\n")],
    ["the caches are moved", `      - run: echo "GOMODCACHE=/x" >> $GITHUB_ENV\n${setup("v5") + cache(...both)}`],
  ])("is silent: %s", (_, steps) => expect(lines(job(steps))).toEqual([]));

  it("is silent where the usual places are not those of go", () => {
    const steps = setup("v5") + cache(...both);
    expect(lines(job(steps, "container: golang"))).toEqual([]);
    expect(lines(job(steps, "env: {GOPATH: /x}"))).toEqual([]);
    expect(lines(`env: {GOMODCACHE: "\${{ github.workspace }}/x"}\n${job(steps)}`)).toEqual([]);
  });

  it("knows that setup-go keeps nothing without its dependency file", () => {
    const text = job(setup("v5") + cache(...both));
    expect(lines(text, { around: { has: () => false } })).toEqual([]);
    expect(lines(text, { around: { has: (name: string) => name === "go.sum" } })).toEqual([8]);
    const given = job(setup("v5", "          cache-dependency-path: x/go.sum\n") + cache(...both));
    expect(lines(given, { around: { has: () => false } })).toEqual([9]);
  });

  it("is advice where tar may replace the files", () => {
    const steps = setup("v5") + cache(...both);
    const severity = (text: string) => found(rule, path, text)[0]?.severity;
    expect(severity(job(steps))).toBe("warning");
    expect(severity(job(steps, "env: {GOFLAGS: -modcacherw}"))).toBe("advice");
    expect(severity(job(setup("v5") + cache("~/.cache/go-build")))).toBe("advice");
  });

  it("leaves it to the step that was written for it", () => {
    const steps = setup("v5") + cache(...both);
    const after = job(setup("v5").replace("go-version", "cache: false\n          go-version") + cache(...both));
    expect(fixed(rule, path, job(steps))).toBe(after);
    const told = job(setup("v5", "          cache: true # yes\n") + cache(...both));
    expect(fixed(rule, path, told)).toBe(told.replace("cache: true", "cache: false"));
    const bare = job(`      - uses: actions/setup-go@v5\n${cache(...both)}`);
    expect(fixed(rule, path, bare)).toBe(
      bare.replace("- uses: actions/setup-go", "- with: {cache: false}\n        uses: actions/setup-go"),
    );
    expect(lines(fixed(rule, path, bare))).toEqual([]);
  });

  it("does not take a build cache away unless asked to", () => {
    const text = job(setup("v5") + cache("~/go/pkg/mod"));
    expect(fixed(rule, path, text)).toBe(text);
    expect(lines(fixed(rule, path, text, true))).toEqual([]);
  });

  it("lets an old linter keep its own results", () => {
    for (const inputs of ["", "        with:\r\n          version: v1.55\r\n"]) {
      const text = job(setup("v5") + linter("v3", inputs)).replace(/\r?\n/g, "\r\n");
      const after = fixed(rule, path, text);
      expect(lines(after)).toEqual([]);
      expect(after.replace(/\r\n/g, "")).not.toContain("\n");
    }
  });
});
