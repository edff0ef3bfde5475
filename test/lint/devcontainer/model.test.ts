import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutComments } from "../../../src/lint/devcontainer/jsonc.ts";
import { type Devcontainer, readDevcontainer } from "../../../src/lint/devcontainer/model.ts";
import { Unreadable } from "../../../src/lint/model.ts";
import { readDocuments } from "../../../src/lint/yaml/read.ts";
import { found } from "../found.ts";

const path = ".devcontainer/devcontainer.json";
const read = (text: string): Devcontainer => {
  const model = readDevcontainer({ path, text });
  if (model instanceof Unreadable) throw new Error(model.reason);
  return model;
};

describe("readDevcontainer", () => {
  it("reads JSON with comments, tabs and commas at the end", () => {
    const text = `// go
{
\t"image": "golang:1.25", /* not "built" */
\t"remoteUser": "vscode", // who
\t"updateRemoteUserUID": false,
\t"containerEnv": {"GOMODCACHE": "/c", "GOPATH": "\${localEnv:GOPATH}",},
\t"mounts": [
\t\t"source=go-mod,target=/go/pkg/mod/,type=volume",
\t\t{"type": "bind", "source": "\${localEnv:HOME}/go", "target": "/x"},
\t\t"source=x,target=/y,type=tmpfs",
\t],
\t"onCreateCommand": "echo http://x && go mod download",
\t"postCreateCommand": {"a": ["go", "version"], "b": "go vet \${containerWorkspaceFolder}/..."},
}
`;
    const { image, user, updatesUid, mounts, env, commands, plain } = read(text);
    expect([image, user?.text(), updatesUid, plain]).toEqual(["golang:1.25", "vscode", false, true]);
    expect(mounts.map(({ type, source, target }) => [type, source, target])).toEqual([
      ["volume", "go-mod", "/go/pkg/mod"],
      ["bind", "${localEnv:HOME}/go", "/x"],
    ]);
    expect([...env]).toEqual([
      ["GOMODCACHE", "/c"],
      ["GOPATH", undefined],
    ]);
    expect(commands.map(({ words }) => words.map(({ value }) => value).join(" "))).toEqual([
      "echo http://x",
      "go mod download",
      "go version",
      "go vet ${containerWorkspaceFolder}/...",
    ]);
    const [, download] = commands;
    expect(download && text.slice(download.start, download.end)).toBe("go mod download");
  });

  it("says so where it is no JSON", () => {
    expect(readDevcontainer({ path, text: '{"image": "golang"' })).toMatchObject({ reason: /^it is broken JSON: / });
  });

  it("reads every JSON as JSON.parse does", () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), fc.constantFrom(0, 2, "\t"), (object, indent) => {
        const documents = readDocuments(withoutComments(JSON.stringify(object, null, indent)));
        expect(documents).not.toBeInstanceOf(Unreadable);
        const [root] = documents as Exclude<typeof documents, Unreadable>;
        for (const [name, one] of Object.entries(object))
          if (typeof one === "string" && name !== "<<") expect(root?.get(name)?.text()).toBe(one);
      }),
      { numRuns: 300 },
    );
  });
});

it("script rules and settings look into it", () => {
  const text = `{
  "containerEnv": {"GOSUMDB": "off"},
  "postCreateCommand": "sudo go install example.com/x@latest && sudo chmod -R 777 /go/pkg/mod"
}`;
  expect(found("checksum-database-off", path, text).map(({ location }) => location?.line)).toEqual([2]);
  expect(found("script-sudo-go", path, text).map(({ location }) => location?.line)).toEqual([3]);
  expect(found("script-cache-world-writable", path, text).map(({ location }) => location?.line)).toEqual([3]);
});
