import { describe, expect, it } from "vitest";
import { fixed, found, linesOf } from "../found.ts";

const rule = "dockerfile-cache-not-writable";
const head = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go mod download\n";

describe(rule, () => {
  it.each([
    ["no home", "USER 1001\nRUN go build ./...\n", 6],
    ["root's home", "ENV HOME=/root\nUSER app\nRUN go test ./...\n", 7],
    ["a GOCACHE of root", "ENV GOCACHE=/root/.cache/go-build\nUSER app\nRUN go vet ./...\n", 7],
    ["XDG_CACHE_HOME", "ENV XDG_CACHE_HOME=/var/cache\nUSER 1001\nRUN go build ./...\n", 7],
    ["when it is started", "USER 1001\nCMD go run .\n", 6],
    ["a directory that root made", "RUN mkdir -p /c\nENV GOCACHE=/c\nUSER 1001\nRUN go build ./...\n", 8],
  ])("GOCACHE: %s", (_, text, line) => {
    expect(linesOf(rule, head + text)).toEqual([line]);
  });

  it.each([
    [
      "/go is not everybody's on Debian",
      "FROM debian:12\nENV GOPATH=/go GOCACHE=/tmp/c\nUSER 1001\nRUN go get x.org/y\n",
      4,
    ],
    ["a place of its own", "FROM golang:1.22\nENV GOMODCACHE=/mod\nUSER 1001\nRUN go mod download\n", 4],
  ])("GOMODCACHE: %s", (_, text, line) => {
    expect(linesOf(rule, text, { around: { has: (path) => path === "go.sum" } })).toEqual([line]);
  });

  it.each([
    ["the home of a user", "RUN useradd -m -u 1001 app\nUSER app\nRUN go build ./...\n"],
    ["by number", "RUN adduser -D -u 1001 app\nUSER 1001\nRUN go build ./...\n"],
    ["a user that we know nothing of", "USER app\nRUN go build ./...\n"],
    ["a temporary directory", "ENV GOCACHE=/tmp/c\nUSER 1001\nRUN go build ./...\n"],
    ["for one command", "USER 1001\nRUN GOCACHE=/tmp/c go build ./...\n"],
    ["exported", "USER 1001\nRUN export HOME=/tmp && go build ./...\n"],
    ["a mount", "USER 1001\nENV GOCACHE=/c\nRUN --mount=type=cache,uid=1001,target=/c go build ./...\n"],
    ["given away", "RUN mkdir /c && chown 1001 /c\nENV GOCACHE=/c\nUSER 1001\nRUN go build ./...\n"],
    ["by install", "RUN install -d -o 1001 /c\nENV GOCACHE=/c\nUSER 1001\nRUN go build ./...\n"],
    ["a volume", "VOLUME /c\nENV GOCACHE=/c\nUSER 1001\nRUN go build ./...\n"],
    ["nobody, who is in /etc/passwd", "USER 65534\nRUN go build ./...\n"],
    ["nothing is compiled", "USER 1001\nRUN go version && go env\n"],
    ["another script", "RUN ./setup\nUSER 1001\nRUN go build ./...\n"],
  ])("is silent: %s", (_, text) => {
    expect(linesOf(rule, head + text)).toEqual([]);
  });

  it("is silent where the base image is not known", () => {
    expect(linesOf(rule, "FROM registry.example.org/go\nUSER 1001\nRUN go build ./...\n")).toEqual([]);
  });

  it("says where the home comes from, and only once a stage", () => {
    const findings = found(rule, "Dockerfile", `${head}USER 1001\nRUN go build ./...\nRUN go test ./...\n`);
    expect(findings.map(({ message }) => message)).toEqual([
      "GOCACHE is /.cache/go-build, since uid 1001 is not in /etc/passwd and its HOME is therefore /: go build cannot write there as uid 1001",
    ]);
  });

  it("puts a line before the instruction and its comments, with the file's own line ends", () => {
    const text = `${head}USER 1001\n# build\nRUN go build ./...\n`.replaceAll("\n", "\r\n");
    expect(fixed(rule, "Dockerfile", text)).toBe(
      text.replace("# build", "ENV GOCACHE=/tmp/.cache/go-build\r\n# build"),
    );
  });
});
