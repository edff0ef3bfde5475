import { describe, expect, it } from "vitest";
import { type ComposeFile, readCompose } from "../../../src/lint/compose/model.ts";
import { Unreadable } from "../../../src/lint/model.ts";
import { found } from "../found.ts";

const path = "compose.yaml";
const read = (text: string): ComposeFile => {
  const model = readCompose({ path, text });
  if (model instanceof Unreadable) throw new Error(model.reason);
  return model;
};

describe("readCompose", () => {
  it("knows who a service is, as far as the file tells", () => {
    const { services } = read(`services:
  a: {image: "golang:1.25", user: "1000:100"}
  b: {image: golang}
  c: {build: ., image: golang}
  d: {image: golang, user: "\${UID}"}
  e: {image: golang, user: root}
  f: {image: golang, user: app}
  g: {image: example.org/go}
`);
    expect(services.map(({ container }) => container.uid?.value)).toEqual([
      1000,
      0,
      undefined,
      undefined,
      0,
      undefined,
      undefined,
    ]);
  });

  it("reads mounts in both forms", () => {
    const { services, pod } = read(`services:
  go:
    volumes:
      - mod:/go/pkg/mod/
      - "~/go:/go:ro,z"
      - \${HOME:-/root}/go/pkg/mod:/x
      - ./:/src
      - /anonymous
      - {type: volume, source: other, target: /c, read_only: true}
      - {type: tmpfs, target: /tmp}
      - kept:/kept
volumes:
  mod:
  other: {driver_opts: {type: nfs}}
  kept: {external: true}
`);
    expect(services[0]?.mounts.map(({ volume, kind, path, readOnly }) => [volume, kind, path, readOnly])).toEqual([
      ["mod", "volume", "/go/pkg/mod", false],
      ["~/go", "bind", "/go", true],
      ["${HOME:-/root}/go/pkg/mod", "bind", "/x", false],
      ["./", "bind", "/src", false],
      ["other", "volume", "/c", true],
      ["kept", "volume", "/kept", false],
    ]);
    expect(["mod", "other", "kept"].map((name) => pod?.volumes.get(name)?.kind)).toEqual([
      "volume",
      "external",
      "external",
    ]);
  });

  it("reads what runs, with compose's dollar signs", () => {
    const said = (service: string) =>
      read(`services: {go: {${service}}}`).commands.map(({ words }) => words.map(({ value }) => value).join(" "));
    expect(said("command: go build ./...")).toEqual(["go build ./..."]);
    expect(said("command: [go, test]")).toEqual(["go test"]);
    expect(said('entrypoint: [sh, -c, "ls $$GOMODCACHE; go vet"]')).toEqual(["ls $GOMODCACHE", "go vet"]);
    expect(said("entrypoint: [sh, -c], command: [go run .]")).toEqual(["go run ."]);
    expect(said("entrypoint: /start.sh, command: [go]")).toEqual(["/start.sh"]);
  });

  it("sees settings in both forms, but not those that the shell of whoever starts it has", () => {
    const text = `x-go: &go {GOSUMDB: "off"}
services:
  a: {environment: {<<: *go, A: b}}
  b:
    environment:
      - GOSUMDB=off
      - GOSUMDB
      - GOSUMDB=\${OFF}
`;
    expect(found("checksum-database-off", path, text).map(({ location }) => location?.line)).toEqual([1, 6]);
    expect(read(text).services[1]?.container.env.get("GOSUMDB")).toBeUndefined();
  });
});
