import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";

const rule = "compose-cache-volume-of-root";
const file = (user: string, mount: string, more = "", volumes = "mod: {}"): string => `services:
  build:
    image: golang:1.25
    user: ${user}
    command: go build ./...
    volumes:
      - ${mount}
${more}volumes: {${volumes}}
`;
const lines = (text: string) => found(rule, "compose.yaml", text).map(({ location }) => location?.line);
const other = (rest: string): string => `  other:\n    ${rest}\n    volumes: [mod:/go/pkg/mod]\n`;

describe(rule, () => {
  it.each([
    "mod:/go/pkg/mod",
    "mod:/go/pkg",
    "'mod:/go/pkg/mod:z'",
    "{type: volume, source: mod, target: /go/pkg/mod}",
  ])("%s", (mount) => expect(lines(file("1000", mount))).toEqual([7]));

  it("in other directories that go is told of", () => {
    const text = file("1000", "mod:/cache").replace("command", "environment: {GOCACHE: /cache}\n    command");
    expect(lines(text)).toEqual([8]);
  });

  it.each([
    ["root", file("0", "mod:/go/pkg/mod")],
    ["a user that the shell knows", file("${UID}", "mod:/go/pkg/mod")],
    ["the directory that is everybody's", file("1000", "mod:/go")],
    ["the host's directory", file("1000", "./mod:/go/pkg/mod")],
    ["somebody else's volume", file("1000", "mod:/go/pkg/mod", "", "mod: {external: true}")],
    ["an image that is built", file("1000", "mod:/go/pkg/mod").replace("image:", "build: .\n    image:")],
    ["an image that is not known", file("1000", "mod:/go/pkg/mod").replace("golang:1.25", "example.org/go")],
    ["prepared by root", file("1000", "mod:/go/pkg/mod", other("image: busybox\n    command: chown 1000 /go/pkg/mod"))],
    ["prepared by what is not known", file("1000", "mod:/go/pkg/mod", other("image: example.org/init"))],
    ["read-only", file("1000", "mod:/go/pkg/mod:ro")],
  ])("is silent: %s", (_, text) => expect(lines(text)).toEqual([]));

  it("is told although another service of its kind mounts it", () => {
    expect(
      lines(file("1000", "mod:/go/pkg/mod", other('image: golang\n    user: "1000"\n    command: go vet'))).length,
    ).toBe(2);
  });

  it("mounts it where the image lets everybody write, if asked to", () => {
    const text = file("1000", '"mod:/go/pkg/mod"');
    expect(fixed(rule, "compose.yaml", text)).toBe(text);
    expect(fixed(rule, "compose.yaml", text, true)).toBe(file("1000", '"mod:/go"'));
  });
});
