import { describe, expect, it } from "vitest";
import { found } from "../found.ts";

const rule = "compose-cache-different-users";
const service = (name: string, user: string, command = "go build ./...", mount = "mod:/go/pkg/mod"): string =>
  `  ${name}:\n    image: golang:1.25\n${user === "" ? "" : `    user: ${user}\n`}    command: ${command}\n    volumes: ["${mount}"]\n`;
const file = (...services: string[]): string => `services:\n${services.join("")}volumes: {mod: {}}\n`;
const lines = (text: string) => found(rule, "compose.yaml", text).map(({ location }) => location?.line);

describe(rule, () => {
  it.each([
    ["two numbers", file(service("a", "1000"), service("b", '"1001:1001"')), 4],
    ["root by the image, and a number", file(service("a", ""), service("b", "1000")), 8],
    [
      "the host's directory",
      file(service("a", "0", "go get x", "~/go:/go"), service("b", "5", "go get y", "~/go:/go")),
      9,
    ],
  ])("%s", (_, text, line) => expect(lines(text)).toEqual([line]));

  it.each([
    ["one user", file(service("a", "1000"), service("b", '"1000:5"'))],
    ["a user that the shell knows", file(service("a", "1000"), service("b", "${UID}"))],
    ["a name", file(service("a", "1000"), service("b", "app"))],
    ["volumes of their own", file(service("a", "1000"), service("b", "1001", "go vet", "other:/go/pkg/mod"))],
    [
      "read-only",
      file(service("a", "1000", "go mod download"), service("b", "1001", "go build", "mod:/go/pkg/mod:ro")),
    ],
    ["root alone is hurt by nobody", file(service("a", "0"), service("b", "root"))],
    [
      "it is given away",
      file(service("a", "0", 'sh -c "chown -R 5 /go/pkg/mod"'), service("b", "5"), service("c", "6")),
    ],
    ["what an image does by itself", file(service("a", "0", "[]"), service("b", "5"), service("c", "6"))],
  ])("is silent: %s", (_, text) => expect(lines(text)).toEqual([]));
});
