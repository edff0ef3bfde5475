import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";

const rule = "devcontainer-cache-volume-of-root";
const path = ".devcontainer/devcontainer.json";
const file = (mount: string, more = "", image = "mcr.microsoft.com/devcontainers/go:1.25"): string =>
  `{\n  // go\n  "image": "${image}",\n${more}  "mounts": ["${mount}"],\n}\n`;
const volume = "source=mod,target=/go/pkg/mod,type=volume";
const lines = (text: string) => found(rule, path, text).map(({ location }) => location?.line);

describe(rule, () => {
  it.each([
    ["vscode by the image", file(volume)],
    ["vscode by name", file(volume, '  "remoteUser": "vscode",')],
    ["a user in the official image", file(volume, '  "containerUser": "1000",', "golang:1.25")],
    ["results", file("source=b,target=/home/vscode/.cache/go-build,type=volume")],
    ["where go is told", file("source=b,target=/cache,type=volume", '  "containerEnv": {"GOMODCACHE": "/cache"},')],
  ])("%s", (_, text) => expect(lines(text)).toHaveLength(1));

  it.each([
    ["root", file(volume, '  "remoteUser": "root",')],
    ["root by the image", file(volume, "", "golang:1.25")],
    ["a user that is not told", file(volume, '  "remoteUser": "${localEnv:USER}",')],
    ["an image that is not known", file(volume, "", "example.org/dev")],
    ["a Dockerfile", file(volume).replace('"image"', '"build": {"dockerfile": "Dockerfile"}, "image"')],
    ["the directory that is the user's", file("source=go,target=/go,type=volume")],
    ["something else", file("source=x,target=/home/vscode/.zsh,type=volume")],
    ["a bind mount", file("source=/x,target=/go/pkg/mod,type=bind")],
    ["given away", file(volume, '  "postCreateCommand": "sudo chown -R vscode /go",')],
    ["given away by a name", file(volume, '  "postCreateCommand": "sudo chown vscode $(go env GOMODCACHE)",')],
    ["a script that may", file(volume, '  "postCreateCommand": ".devcontainer/setup.sh",')],
    ["another user by an option", file(volume, '  "runArgs": ["--user=root"],')],
  ])("is silent: %s", (_, text) => expect(lines(text)).toEqual([]));

  it("gives its top to the user", () => {
    const after = fixed(rule, path, file(volume));
    expect(after).toBe(file(volume, `  "onCreateCommand": "sudo chown \\"$(id -u):$(id -g)\\" '/go/pkg/mod'",\n`));
    expect(lines(after)).toEqual([]);
    const flow = `{"image": "mcr.microsoft.com/devcontainers/go", "mounts": ["${volume}"]}`;
    expect(JSON.parse(fixed(rule, path, flow))).toMatchObject({
      mounts: [volume],
      onCreateCommand: expect.stringMatching(/^sudo chown /),
    });
  });

  it("does not replace a command that is there", () => {
    const text = file(volume, '  "onCreateCommand": "go mod download",\n');
    expect([lines(text), fixed(rule, path, text)]).toEqual([[5], text]);
  });
});
