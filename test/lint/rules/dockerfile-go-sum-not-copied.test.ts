import { describe, expect, it } from "vitest";
import { fixed, linesOf } from "../found.ts";

const rule = "dockerfile-go-sum-not-copied";
const withSum = { around: { has: (path: string) => path.endsWith("go.sum") } };
const lines = (text: string): number[] => linesOf(rule, `FROM golang:1.22\n${text}`, withSum);

describe(rule, () => {
  it.each([
    ["alone", "COPY go.mod ./\nRUN go mod download\n", 2],
    ["with something else", "WORKDIR /x\nCOPY tools.go ./go.mod ./\nRUN go mod download -x\n", 3],
    ["of a part", "COPY api/go.mod api/\nRUN cd api && go mod download\n", 2],
  ])("%s", (_, text, line) => expect(lines(text)).toEqual([line]));

  it.each([
    ["with it", "COPY go.mod go.sum ./\nRUN go mod download\n"],
    ["in a second instruction", "COPY go.mod go.mod\nCOPY go.sum go.sum\nRUN go mod download\n"],
    ["with a pattern", "COPY go.* ./\nRUN go mod download\n"],
    ["go.mod and go.su[m]", "COPY go.mod go.su[m] ./\nRUN go mod download\n"],
    ["everything comes before the download", "COPY go.mod ./\nCOPY . .\nRUN go mod download\n"],
    ["nothing is downloaded", "COPY go.mod ./\nRUN go version\n"],
    ["named modules only", "COPY go.mod ./\nRUN go mod download example.com/x@v1\n"],
    ["from another stage", "COPY --from=x go.mod ./\nRUN go mod download\n"],
    ["bound", "COPY go.mod ./\nRUN --mount=type=bind,target=go.sum,source=go.sum go mod download\n"],
  ])("is silent: %s", (_, text) => expect(lines(text)).toEqual([]));

  it("is silent where the project has no go.sum", () => {
    const text = "FROM golang:1.22\nCOPY go.mod ./\nRUN go mod download\n";
    expect(linesOf(rule, text, { around: { has: () => false } })).toEqual([]);
    expect(linesOf(rule, text)).toEqual([2]);
  });

  it("adds it", () => {
    const text = "FROM golang:1.22\nCOPY --chown=1 api/go.mod ./\nRUN go mod download\n";
    expect(fixed(rule, "Dockerfile", text, false, withSum)).toBe(text.replace("api/go.mod", "api/go.mod api/go.sum"));
  });
});
