import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-init-leaves-root-files";
const mounts = "volumeMounts: [{name: cache, mountPath: /go/pkg/mod}]";
const root = `securityContext: {runAsUser: 0}, ${mounts}`;
const app = `securityContext: {runAsUser: 1001}, ${mounts}`;
const init = (script: string): string => container("modules", "golang:1.25", `${root}, command: [sh, -c, "${script}"]`);
const main = (command: string): string => container("build", "golang:1.25", `${app}, command: [${command}]`);

describe(rule, () => {
  it.each([
    ["go get after a download", "go mod download", "go, get, example.com/x"],
    ["a tool after a download", "cd /src && go mod download", "go, install, example.com/x@v1.0.0"],
    ["the project after a tool", "go install example.com/x@v1", "go, build, ./..."],
    ["one more after a download of one", "go mod download example.com/x", "go, mod, download, example.com/y@v1.0.0"],
    ["all after a download of one", "go mod download example.com/x", "go, build, ./..."],
    ["clean", "go build ./...", "go, clean, -modcache"],
    ["what was copied in", "cp -r /opt/modules/. /go/pkg/mod", "go, build, ./..."],
    ["what was unpacked", "tar -xzf /seed.tgz -C /go/pkg/mod", "go, test, ./..."],
    ["the owner is changed too early", "chown -R 1001 /go/pkg/mod && go install example.com/x@v1", "go, build, ."],
    ["not all of it", "go install example.com/x@v1 && chown 1001 /go/pkg/mod", "go, build, ."],
    ["only made readable", "go install example.com/x@v1 && chmod -R a+rX /go/pkg/mod", "go, build, ."],
  ])("%s", (_, script, command) => {
    expect(linesIn(rule, pod({ init: [init(script)], main: [main(command)] }))).toEqual([6]);
  });

  it.each([
    ["a complete cache is read", init("go mod download"), main("go, build, ./...")],
    ["it is given away", init("go install example.com/x@v1 && chown -R 1001:1001 /go/pkg/mod"), main("go, build, .")],
    [
      "as in many guides",
      init("chown -R 1001:1001 /go/pkg/mod && chmod -R u+rwx,g+rx,o= /go/pkg/mod"),
      main("go, get, x"),
    ],
    ["it is opened", init("go install example.com/x@v1 && chmod -R a+rwX /go/pkg/mod"), main("go, build, .")],
    ["no umask", init("umask 000; go install example.com/x@v1"), main("go, build, .")],
    ["a script that we cannot see", init("go install example.com/x@v1; /opt/hand-over.sh"), main("go, build, .")],
    ["another user does it", init("su-exec 1001 go install example.com/x@v1"), main("go, build, .")],
    ["root goes on", init("go install example.com/x@v1"), container("b", "golang", `${root}, command: [go, build, .]`)],
    ["nobody says who goes on", init("go build"), container("b", "golang", `${mounts}, command: [go, get, x]`)],
    ["somewhere else", init("GOMODCACHE=/tmp/m go install example.com/x@v1"), main("go, build, .")],
    ["only reads", init("go build ."), main("go, get, x").replace("/go/pkg/mod}", "/go/pkg/mod, readOnly: true}")],
  ])("is silent: %s", (_, first, second) => {
    expect(linesIn(rule, pod({ init: [first], main: [second] }))).toEqual([]);
  });

  it("looks at the init containers between, the pod's user, and GOMODCACHE", () => {
    const give = container("own", "alpine", `${root.replace("/go/pkg/mod", "/c")}, command: [chown, -R, "1001", /c]`);
    const parts = { init: [init("go install example.com/x@v1")], main: [main("go, build, .")] };
    expect(linesIn(rule, pod({ ...parts, init: [...parts.init, give] }))).toEqual([]);
    expect(linesIn(rule, pod({ ...parts, init: [give, ...parts.init] }))).toEqual([7]);
    const inherit = (text: string): string => text.replace("securityContext: {runAsUser: 1001}, ", "");
    const spec = "securityContext:\n  runAsUser: 1001";
    expect(linesIn(rule, inherit(pod({ ...parts, spec })))).toEqual([8]);
    const elsewhere = pod(parts).replaceAll("mountPath: /go/pkg/mod", "mountPath: /c");
    expect(linesIn(rule, elsewhere)).toEqual([]);
    const env = "env: [{name: GOMODCACHE, value: /c/mod}], command";
    expect(linesIn(rule, elsewhere.replaceAll("command", env))).toEqual([6]);
  });

  it("gives the tree away in the last step, in the script's own layout", () => {
    const text = pod({ init: [init("go install example.com/x@v1")], main: [main("go, build, .")] });
    expect(fixed(rule, "pod.yaml", text)).toBe(text.replace("x@v1", "x@v1 && chown -R 1001:1001 /go/pkg/mod"));
    const block = `apiVersion: batch/v1
kind: Job
spec:
  template:
    spec:
      securityContext: {runAsUser: 1001, runAsGroup: 2000}
      initContainers:
        - name: modules # as root, for apk
          image: golang:1.25-alpine
          securityContext:
            runAsUser: 0
          command: [sh, -c]
          args:
            - |
              set -eu
              # the generator
              go install example.com/gen@v1.4.0

          volumeMounts:
            - &cache {name: cache, mountPath: /go/pkg/mod}
      containers:
        - name: build
          image: golang:1.25-alpine
          command: ["go", "build", "./..."]
          volumeMounts: [*cache]
      volumes: [{name: cache, emptyDir: {}}]
`;
    for (const given of [block, block.replaceAll("\n", "\r\n"), `\ufeff${block}`]) {
      const end = given.includes("\r\n") ? "\r\n" : "\n";
      const line = `gen@v1.4.0${end}              chown -R 1001:2000 /go/pkg/mod`;
      expect(found(rule, "job.yaml", given).map(({ location }) => location?.line)).toEqual([17]);
      expect(fixed(rule, "job.yaml", given)).toBe(given.replace("gen@v1.4.0", line));
    }
  });

  it.each([
    ["folded", ">-\n        set -e;\n        go install example.com/x@v1 &&\n        "],
    ["with escapes", '"set -e;\\n go install \\\n        example.com/x@v1 && '],
  ])("reads a script that is %s, but does not edit it", (_, script) => {
    const end = script.startsWith('"') ? '"' : "";
    const text = (last: string): string =>
      pod({
        init: [
          `name: a\nimage: golang\nsecurityContext: {runAsUser: 0}\n${mounts}\ncommand:\n  - sh\n  - -c\n  - ${script}${last}${end}`,
        ],
        main: [main("go, build, .")],
      });
    expect(linesIn(rule, text("true"))).toEqual([13]);
    expect(fixed(rule, "pod.yaml", text("true"))).toBe(text("true"));
    expect(linesIn(rule, text("chown -R 1001 /go/pkg/mod"))).toEqual([]);
  });

  it("takes the other user where the command is no script, if asked to", () => {
    const list = container("modules", "golang", `${root}, command: [go, install, example.com/x@v1]`);
    const text = pod({ init: [list], main: [main("go, build, .")] });
    expect(fixed(rule, "pod.yaml", text)).toBe(text);
    expect(fixed(rule, "pod.yaml", text, true)).toBe(text.replace("runAsUser: 0", "runAsUser: 1001"));
  });
});
