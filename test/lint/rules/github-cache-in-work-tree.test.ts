import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";

const rule = "github-cache-in-work-tree";
const path = ".github/workflows/ci.yml";
const job = (env: string, rest = "", runner = "[self-hosted, linux]"): string => `jobs:
  test:
    runs-on: ${runner}
${rest}    env:
      ${env}
    steps:
      - uses: actions/checkout@v4
      - run: go test ./...
`;
const inside = "GOMODCACHE: ${{ github.workspace }}/.go/pkg/mod";
const lines = (text: string) => found(rule, path, text).map(({ location }) => location?.line);

describe(rule, () => {
  it("finds what the next checkout cannot delete", () => {
    expect(lines(job(inside))).toEqual([5]);
    expect(lines(job("GOPATH: ${{github.workspace}}/.go"))).toEqual([5]);
  });

  it.each([
    ["a machine that is thrown away", job(inside, "", "ubuntu-latest")],
    ["an expression decides", job(inside, "", "${{ matrix.os }}")],
    ["another directory", job("GOMODCACHE: ${{ runner.temp }}/mod")],
    ["only results", job("GOCACHE: ${{ github.workspace }}/.cache")],
    ["writable directories", job(`${inside}\n      GOFLAGS: -mod=readonly -modcacherw`)],
    ["flags that are not known", job(`${inside}\n      GOFLAGS: \${{ vars.FLAGS }}`)],
    ["cleaned up", `${job(inside)}      - {if: always(), run: go clean -modcache}\n`],
    ["made writable", `${job(inside)}      - {if: always(), run: chmod -R u+w .go}\n`],
    ["a container whose user is not known", job(inside, "    container: example.org/ci\n")],
    ["a container of another user", job(inside, "    container: {image: golang, options: --user 1000}\n")],
  ])("is silent: %s", (_, text) => expect(lines(text)).toEqual([]));

  it("tells of root's files in a container's work tree", () => {
    for (const container of ["{image: golang, options: --cpus 2}", "golang:1.25"]) {
      const text = job(`${inside}\n      GOFLAGS: -modcacherw`, `    container: ${container}\n`);
      expect(lines(text)).toEqual([6]);
      expect(found(rule, path, text)[0]?.message).toContain("the container is root");
    }
  });

  it("leaves the directories writable", () => {
    const text = job(inside);
    expect(fixed(rule, path, text)).toBe(text.replace(inside, `GOFLAGS: -modcacherw\n      ${inside}`));
    const own = job(`${inside}\n      GOFLAGS: -mod=readonly`);
    expect(fixed(rule, path, own)).toBe(own);
    expect(lines(own)).toEqual([5]);
  });
});
