import { describe, expect, it } from "vitest";
import { fixed, found, linesOf } from "../found.ts";

const rule = "dockerfile-cache-owner-in-later-layer";
const head = "FROM golang:1.22\nRUN go mod download\n";

describe(rule, () => {
  it.each(["chown -R 1001 /go", "chown --recursive app:app /go/pkg/mod", "chmod -R g+w $GOPATH", "chgrp -R 0 /go/pkg"])(
    "%s",
    (command) => {
      expect(linesOf(rule, `${head}RUN ${command}\n`)).toEqual([3]);
    },
  );

  it.each([
    ["in the same instruction", "FROM golang:1.22\nRUN go mod download && chown -R 1001 /go\n"],
    ["before the download", "FROM golang:1.22\nRUN chown -R 1001 /go\nRUN go mod download\n"],
    ["not the cache", `${head}RUN chown -R 1001 /src\n`],
    ["not recursive", `${head}RUN chown 1001 /go/pkg/mod\n`],
    [
      "the cache is a mount",
      "FROM golang:1.22\nRUN --mount=type=cache,target=/go/pkg go mod download\nRUN chown -R 1 /go\n",
    ],
    ["another stage", `${head}FROM golang:1.22\nRUN chown -R 1001 /go\n`],
    ["mode 777 is told by another rule", `${head}RUN chmod -R 777 /go\n`],
  ])("is silent: %s", (_, text) => {
    expect(linesOf(rule, text)).toEqual([]);
  });

  it("is milder in a stage that is not pushed", () => {
    const text = `${head}RUN chown -R 1001 /go\nFROM scratch\n`;
    expect(found(rule, "Dockerfile", text)[0]?.severity).toBe("advice");
  });

  it("moves the command, if it is alone and its owner a number", () => {
    const fix = (text: string): string => fixed(rule, "Dockerfile", text);
    expect(fix(`${head}RUN chown -R 1001:1001 /go/pkg\nUSER 1001\n`)).toBe(
      "FROM golang:1.22\nRUN go mod download && chown -R 1001:1001 /go/pkg\nUSER 1001\n",
    );
    for (const text of [
      `${head}RUN chown -R app /go\n`,
      `${head}RUN chown -R 1 /go && id\n`,
      `${head}USER 1\nRUN chown -R 1 /go\n`,
    ])
      expect(fix(text)).toBe(text);
  });
});
