import { describe, expect, it } from "vitest";
import { fixed, linesOf } from "../found.ts";

const rule = "dockerfile-work-tree-not-writable";
const head = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nUSER 1001\n";

describe(rule, () => {
  it.each([
    "go get example.com/x",
    "go mod tidy",
    "go mod vendor",
    "go mod edit -replace a=b",
    "go build -mod=mod ./...",
    "GOFLAGS=-mod=mod go test ./...",
    "go build -o app .",
    "go build -o=bin/ ./...",
    "go build -o /src/app .",
  ])("%s", (command) => {
    expect(linesOf(rule, `${head}RUN ${command}\n`)).toEqual([5]);
  });

  it("knows GOFLAGS of ENV", () => {
    expect(linesOf(rule, `${head}ENV GOFLAGS=-mod=mod\nRUN go build ./...\n`)).toEqual([6]);
  });

  it.each([
    "go build ./...",
    "go build -o /tmp/app .",
    "go mod download",
    "go mod verify",
    "go mod edit -json",
    "go mod tidy -diff",
    "cd /tmp && go mod init x",
    "go build -o $OUT .",
    "go build -o /dev/null .",
  ])("is silent: %s", (command) => {
    expect(linesOf(rule, `${head}RUN ${command}\n`)).toEqual([]);
  });

  it.each([
    [
      "copied for the user, directory given",
      "FROM golang:1.22\nWORKDIR /src\nRUN chown 1001 .\nCOPY --chown=1001 . .\nUSER 1001\n",
    ],
    ["the directory is made by the user", "FROM golang:1.22\nUSER 1001\nWORKDIR /src\nCOPY --chown=1001 . .\n"],
    ["the user's home", "FROM golang:1.22\nRUN useradd -u 1001 -m app\nUSER app\nWORKDIR /home/app/src\n"],
    ["root", "FROM golang:1.22\nWORKDIR /src\nCOPY . .\n"],
    ["below /go, where everybody may write", "FROM golang:1.22\nUSER 1001\n"],
  ])("is silent: %s", (_, text) => {
    expect(linesOf(rule, `${text}RUN go mod tidy\n`)).toEqual([]);
  });

  it("gives what is copied, and the directory, to the user", () => {
    const text = `${head}RUN go mod tidy\n`;
    expect(fixed(rule, "Dockerfile", text)).toBe(
      "FROM golang:1.22\nWORKDIR /src\nCOPY --chown=1001:1001 . .\nRUN mkdir -p /src && chown 1001:1001 /src\nUSER 1001\nRUN go mod tidy\n",
    );
  });
});
