import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";
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
    ["go get", go("go, get, example.com/x"), "GOCACHE (/root/.cache/go-build), GOMODCACHE (/go/pkg/mod)"],
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

  it("adds a volume, mounts and variables, in braces or line by line", () => {
    const text = pod({ main: [go("go, build")] });
    expect(fixed(rule, "pod.yaml", text)).toBe(
      text
        .replace(
          "image:",
          "volumeMounts: [{name: go-work, mountPath: /tmp}], env: [{name: GOCACHE, value: /tmp/go-build}, {name: GOMODCACHE, value: /tmp/go-mod}], image:",
        )
        .replace("emptyDir: {}}", "emptyDir: {}}\n    - {name: go-work, emptyDir: {}}"),
    );
    const block = `apiVersion: v1
kind: Pod
spec:
  containers:
    - image: golang:1.25 # with everything
      command: [go, install, example.com/x@v1]
      env:
        - name: CGO_ENABLED
          value: "0"

      securityContext: {readOnlyRootFilesystem: true}
    - image: golang:1.25
      name: second
      command: [go, vet]
      securityContext: {readOnlyRootFilesystem: true}
`;
    expect(fixed(rule, "pod.yaml", block)).toBe(
      block
        .replace(
          "- image: golang:1.25 #",
          "- volumeMounts: [{name: go-work, mountPath: /tmp}]\n      image: golang:1.25 #",
        )
        .replace(
          'value: "0"',
          'value: "0"\n        - {name: GOCACHE, value: /tmp/go-build}\n        - {name: GOMODCACHE, value: /tmp/go-mod}',
        )
        .replace(
          "- image: golang:1.25\n",
          "- volumeMounts: [{name: go-work, mountPath: /tmp}]\n      env: [{name: GOCACHE, value: /tmp/go-build}, {name: GOMODCACHE, value: /tmp/go-mod}]\n      image: golang:1.25\n",
        )
        .replace("  containers:", "  volumes: [{name: go-work, emptyDir: {}}]\n  containers:"),
    );
  });

  it("changes nothing that others share, or that a script sets", () => {
    const shared = `apiVersion: v1
kind: Pod
spec:
  containers:
    - &a {name: a, image: golang, command: [go, build], securityContext: {readOnlyRootFilesystem: true}, env: &e [{name: X, value: y}]}
    - {<<: *a, name: b}
    - {name: c, image: golang, command: [go, build], securityContext: {readOnlyRootFilesystem: true}, env: *e}
`;
    const once = fixed(rule, "pod.yaml", shared);
    expect(once.match(/env: \*e/g)).toHaveLength(1);
    expect(once).toContain("- {<<: *a, name: b}");
    expect(once.match(/mountPath/g)).toHaveLength(1);
    const script = pod({ main: [go("sh, -c, 'export GOCACHE=/c; go build'")] });
    expect(fixed(rule, "pod.yaml", script)).toBe(script);
  });
});
