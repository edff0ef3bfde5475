import { describe, expect, it } from "vitest";
import { fixed, found, linesOf } from "../found.ts";

const rule = "dockerfile-modules-of-another-user";
const head = "FROM golang:1.22\nWORKDIR /src\nCOPY go.mod go.sum ./\n";

describe(rule, () => {
  it.each([
    ["go get", "RUN go mod download\nUSER 1001\nRUN go get example.com/x\n", 6],
    ["a tool", "RUN go mod download\nUSER 1001\nRUN go install example.com/x@v1.0.0\n", 6],
    ["go mod tidy", "RUN go mod download\nUSER app\nRUN go mod tidy\n", 6],
    ["go clean -modcache", "RUN go build ./...\nUSER app\nRUN go clean -modcache\n", 6],
    ["the project after a tool", "RUN go install example.com/x@v1\nUSER 1001\nRUN go mod download\n", 6],
    ["tests after a build", "RUN go build ./...\nUSER 1001\nRUN go test ./...\n", 6],
    ["when it is started", 'RUN go install example.com/air@v1\nUSER 1001\nCMD ["go", "run", "."]\n', 6],
    ["within one RUN", "USER 1001\nRUN sudo go install example.com/x@v1 && go mod download\n", 5],
    ["in a stage that goes on", "RUN go mod download\nFROM stage\n", 0],
  ])("%s", (_, text, line) => {
    expect(linesOf(rule, head + text)).toEqual(line === 0 ? [] : [line]);
  });

  it("follows FROM a stage, and a GOMODCACHE of its own", () => {
    const text =
      "FROM golang:1.22 AS deps\nENV GOMODCACHE=/mod\nRUN go mod download\nFROM deps\nUSER 1001\nRUN go get example.com/x\n";
    expect(linesOf(rule, text)).toEqual([6]);
  });

  it.each([
    [
      "a complete cache is read",
      "RUN go mod download\nUSER 1001\nRUN go build ./... && go test ./... && go vet ./...\n",
    ],
    ["one user does all", "USER 1001\nRUN go mod download\nRUN go get example.com/x\n"],
    ["root does all", "RUN go mod download\nRUN go get example.com/x\n"],
    ["the cache is given away", "RUN go mod download && chown -R 1001 /go\nUSER 1001\nRUN go get example.com/x\n"],
    ["with a variable", "RUN go mod download && chown -R 1001 $GOPATH\nUSER 1001\nRUN go get example.com/x\n"],
    ["by a script that we cannot see", "RUN go mod download && ./prepare.sh\nUSER 1001\nRUN go get example.com/x\n"],
    ["the cache was a mount", "RUN --mount=type=cache,target=/go/pkg go mod download\nUSER 1001\nRUN go get x.org/y\n"],
    ["another cache", "RUN go mod download\nUSER 1001\nENV GOMODCACHE=/tmp/mod\nRUN go get example.com/x\n"],
    ["vendored", "RUN go install example.com/x@v1\nUSER 1001\nRUN go build -mod=vendor ./...\n"],
    ["nobody says who", "USER $WHO\nRUN go mod download\nUSER 1001\nRUN go get example.com/x\n"],
  ])("is silent: %s", (_, text) => {
    expect(linesOf(rule, head + text)).toEqual([]);
  });

  it("names both users and the line, and tells the cause once a stage", () => {
    const text = `${head}RUN go mod download\nUSER 1001\nRUN go get example.com/x\nRUN go get example.com/y\n`;
    const findings = found(rule, "Dockerfile", text);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toMatch(
      /^root fills the module cache \/go\/pkg\/mod \(line 4\), and go get .* uid 1001/,
    );
  });

  it("changes the owner in the instruction that downloads", () => {
    const text = `${head}RUN set -e; \\\n    go mod download\nUSER 1001\nRUN go get example.com/x\n`;
    expect(fixed(rule, "Dockerfile", text)).toBe(
      text.replace("go mod download", "go mod download && chown -R 1001:1001 /go/pkg"),
    );
  });
});
