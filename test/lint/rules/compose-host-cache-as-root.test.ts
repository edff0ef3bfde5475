import { describe, expect, it } from "vitest";
import { found } from "../found.ts";

const rule = "compose-host-cache-as-root";
const file = (mount: string, user = "", image = "golang:1.25"): string =>
  `services:\n  dev:\n    image: ${image}\n${user}    volumes:\n      - ${mount}\n`;
const lines = (text: string) => found(rule, "compose.yaml", text).map(({ location }) => location?.line);

describe(rule, () => {
  it.each([
    "~/go/pkg/mod:/go/pkg/mod",
    "${HOME}/go:/go",
    "${GOPATH:-~/go}/pkg/mod:/go/pkg/mod",
    "$GOMODCACHE:/m",
    "~/.cache/go-build:/root/.cache/go-build",
    "{type: bind, source: ~/go/pkg/mod, target: /go/pkg/mod}",
  ])("%s", (mount) => {
    expect(lines(file(mount))).toEqual([5]);
    expect(lines(file(mount, '    user: "0:0"\n', "example.org/x"))).toEqual([6]);
  });

  it.each([
    "~/go/pkg/mod:/go/pkg/mod:ro",
    ".:/src",
    "./.go/pkg/mod:/go/pkg/mod",
    "$PWD/pkg/mod:/go/pkg/mod",
    "mod:/go/pkg/mod",
    "~/.ssh:/root/.ssh",
  ])("is silent: %s", (mount) => expect(lines(file(mount))).toEqual([]));

  it("is silent where the user is another one, or not known", () => {
    const mount = "~/go/pkg/mod:/go/pkg/mod";
    expect(lines(file(mount, "    user: ${UID}\n"))).toEqual([]);
    expect(lines(file(mount, "    user: 1000\n"))).toEqual([]);
    expect(lines(file(mount, "", "example.org/dev"))).toEqual([]);
  });
});
