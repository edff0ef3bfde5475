import { describe, expect, it } from "vitest";
import { fixed, found, linesOf } from "../found.ts";

const rule = "dockerfile-cache-mount-owner";
const head = "FROM golang:1.22\nRUN useradd -u 1001 -m app\nUSER app\n";

describe(rule, () => {
  it.each([
    ["GOMODCACHE", "RUN --mount=type=cache,target=/go/pkg/mod go mod download"],
    ["GOCACHE of the home", "RUN --mount=type=cache,target=/home/app/.cache/go-build go build ./..."],
    ["a directory above GOCACHE", "RUN --mount=type=cache,target=/home/app/.cache go test ./..."],
    ["another user's uid", "RUN --mount=type=cache,target=/go/pkg/mod,uid=1002 go build ./..."],
    ["a group without the right to write", "RUN --mount=type=cache,target=/go/pkg/mod,gid=1001 go build ./..."],
    ["a relative target", "WORKDIR /go\nRUN --mount=type=cache,target=pkg/mod go mod download"],
    ["quotes, and dst", "RUN --mount='type=cache,dst=/go/pkg/mod' go get example.com/x"],
    ["a here-document", "RUN --mount=type=cache,target=/go/pkg/mod <<EOF\nset -e\ngo mod download\nEOF"],
    ["the JSON form", 'RUN --mount=type=cache,target=/go/pkg/mod ["go", "mod", "download"]'],
  ])("finds a mount of root under another user: %s", (_, line) => {
    expect(linesOf(rule, `${head}${line}\n`)).toEqual([line.startsWith("WORKDIR") ? 5 : 4]);
  });

  it.each([
    ["the user's uid", "RUN --mount=type=cache,target=/go/pkg/mod,uid=1001 go mod download"],
    ["everybody may write", "RUN --mount=type=cache,target=/go/pkg/mod,mode=0777 go mod download"],
    ["its group may write", "RUN --mount=type=cache,target=/go/pkg/mod,gid=1001,mode=0775 go mod download"],
    ["read-only", "RUN --mount=type=cache,target=/go/pkg/mod,readonly go build ./..."],
    ["not a cache of go", "RUN --mount=type=cache,target=/var/cache/apt go build ./..."],
    ["a bind mount", "RUN --mount=type=bind,target=/go/pkg/mod go build ./..."],
    ["go only asks", "RUN --mount=type=cache,target=/go/pkg/mod go version"],
    ["a uid that only the build knows", "ARG N\nRUN --mount=type=cache,target=/go/pkg/mod,uid=$N go build ./..."],
    [
      "another cache directory for this command",
      "RUN --mount=type=cache,target=/go/pkg/mod GOMODCACHE=/tmp/m go get x",
    ],
  ])("is silent: %s", (_, line) => {
    expect(linesOf(rule, `${head}${line}\n`)).toEqual([]);
  });

  it("is silent for root, and where nobody says who runs it", () => {
    const run = "RUN --mount=type=cache,target=/go/pkg/mod go mod download\n";
    expect(linesOf(rule, `FROM golang:1.22\n${run}`)).toEqual([]);
    expect(linesOf(rule, `FROM registry.example.org/base\n${run}`)).toEqual([]);
  });

  it("is only likely where another program runs go, or not", () => {
    const text = `${head}RUN --mount=type=cache,target=/go/pkg/mod make build\n`;
    expect(found(rule, "Dockerfile", text)[0]?.confidence).toBe("likely");
  });

  it("follows the user through FROM, ARG and ENV", () => {
    const text = [
      "ARG WHO=1500",
      "FROM golang:1.22 AS base",
      "ARG WHO",
      "ENV GOMODCACHE=/cache/mod",
      "USER $WHO:$WHO",
      "FROM base",
      "RUN --mount=type=cache,target=/cache/mod go mod download",
    ].join("\n");
    const [finding] = found(rule, "Dockerfile", text);
    expect(finding).toMatchObject({ subject: "uid 1500", location: { line: 7, column: 5 } });
  });

  it("adds uid and gid, and nothing else", () => {
    const line = "RUN --mount=type=cache,target=/go/pkg/mod \\\n    # why\n    go mod download  # x\n";
    expect(fixed(rule, "Dockerfile", head + line)).toBe(
      head + line.replace("/go/pkg/mod", "/go/pkg/mod,uid=1001,gid=1001"),
    );
  });

  it("gives a mount with another uid an id of its own, since the old directory keeps its owner", () => {
    const line = "RUN --mount=type=cache,target=/go/pkg/mod,uid=1002 go build ./...\n";
    expect(fixed(rule, "Dockerfile", head + line)).toContain(
      "--mount=type=cache,target=/go/pkg/mod,id=go-1001,uid=1001,gid=1001 go",
    );
  });

  it("leaves the number to the reader where only a name is known", () => {
    const text = "FROM golang:1.22\nUSER app\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\n";
    const [finding] = found(rule, "Dockerfile", text);
    expect(finding?.fixes).toMatchObject([{ command: "" }]);
    expect(finding?.fixes[0]).not.toHaveProperty("edits");
  });
});
