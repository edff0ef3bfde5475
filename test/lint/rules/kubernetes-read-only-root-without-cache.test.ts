import { describe, expect, it } from "vitest";
import { found } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-read-only-root-without-cache";
const go = (command: string, rest = "", image = "golang:1.25"): string =>
  container("build", image, `securityContext: {readOnlyRootFilesystem: true}, command: [${command}]${rest}`);
const mounted = (...paths: string[]): string =>
  `, volumeMounts: [${paths.map((path) => `{name: cache, mountPath: ${path}}`).join(", ")}]`;
const named = (one: string): string[] =>
  found(rule, "pod.yaml", pod({ main: [one] })).map(({ message }) => message.replace(/.* for /, ""));

describe(rule, () => {
  it.each([
    ["a build", go("go, build, ./..."), "TMPDIR (/tmp), GOCACHE (/root/.cache/go-build)"],
    ["a download", go("go, mod, download"), "GOMODCACHE (/go/pkg/mod)"],
    ["a tool", go("go, install, example.com/x@v1", mounted("/tmp", "/root")), "GOMODCACHE (/go/pkg/mod)"],
    ["only /tmp", go("go, test, ./...", mounted("/tmp")), "GOCACHE (/root/.cache/go-build)"],
    ["another image", go("go, build", "", "example.org/builder"), "TMPDIR (/tmp)"],
    [
      "a number that the image does not know",
      go("go, vet", mounted("/tmp")).replace("{readOnly", "{runAsUser: 1001, readOnly"),
      "GOCACHE (/.cache/go-build)",
    ],
    ["a read-only mount", go("go, build", mounted("/tmp", "/root, readOnly: true")), "GOCACHE (/root/.cache/go-build)"],
    ["in a script", go("sh, -c, 'export GOCACHE=/c TMPDIR=/t; go build'"), "TMPDIR (/t), GOCACHE (/c)"],
  ])("%s", (_, one, names) => expect(named(one)).toEqual([names]));

  it.each([
    ["everything is mounted", go("go, build", mounted("/tmp", "/root/.cache"))],
    ["set to a mount", go("sh, -c, 'GOCACHE=/w/c GOTMPDIR=/w go build'", mounted("/w"))],
    ["env", go("go, build", `${mounted("/w")}, env: [{name: GOCACHE, value: /w/c}, {name: TMPDIR, value: /w}]`)],
    ["a variable that the cluster knows", go("go, build", `${mounted("/tmp")}, env: [{name: GOCACHE, valueFrom: {}}]`)],
    ["a Secret may set it", go("go, build", ", envFrom: [{secretRef: {name: s}}]")],
    ["go that writes nothing", go("go, version")],
    ["no go", go("/app/golang-service")],
    ["writable", go("go, build").replace("true", "false")],
    ["a patch", go("go, build").replace('image: "golang:1.25", ', "")],
  ])("is silent: %s", (_, one) => expect(linesIn(rule, pod({ main: [one] }))).toEqual([]));
});
