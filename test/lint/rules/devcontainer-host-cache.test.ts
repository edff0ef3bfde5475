import { describe, expect, it } from "vitest";
import { found } from "../found.ts";

const rule = "devcontainer-host-cache";
const file = (source: string, more: string, image = "golang:1.25"): string =>
  `{\n  "image": "${image}",${more}\n  "mounts": ["source=${source},target=/go/pkg/mod,type=bind"]\n}\n`;
const own = "${localEnv:HOME}/go/pkg/mod";
const lines = (text: string) => found(rule, ".devcontainer.json", text).map(({ location }) => location?.line);

describe(rule, () => {
  it("root, by the image or by name", () => {
    expect(lines(file(own, ""))).toEqual([3]);
    expect(lines(file("${localEnv:GOMODCACHE}", '"remoteUser": "root",'))).toEqual([3]);
  });

  it("a user who keeps the image's UID", () => {
    expect(lines(file(own, '"remoteUser": "vscode", "updateRemoteUserUID": false,'))).toEqual([3]);
  });

  it.each([
    ["a user who gets the UID of whoever opens it", file(own, '"remoteUser": "vscode",')],
    ["another directory", file("${localEnv:HOME}/.config", "")],
    ["a directory of the project", file("${localWorkspaceFolder}/.cache", "")],
    ["a user that is not known", file(own, "", "example.org/dev")],
    ["a volume", file(own, "").replace("type=bind", "type=volume")],
    ["read-only", file(own, "").replace("type=bind", "type=bind,readonly")],
  ])("is silent: %s", (_, text) => expect(lines(text)).toEqual([]));
});
