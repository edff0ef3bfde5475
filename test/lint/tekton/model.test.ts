import { describe, expect, it } from "vitest";
import { goCacheVolumes } from "../../../src/lint/kubernetes/go-cache.ts";
import type { KubernetesFile } from "../../../src/lint/kubernetes/model.ts";
import { Unreadable } from "../../../src/lint/model.ts";
import { readTekton } from "../../../src/lint/tekton/model.ts";
import { fixed, found } from "../found.ts";

const path = "task.yaml";
const read = (text: string): KubernetesFile => {
  const model = readTekton({ path, text });
  if (model instanceof Unreadable) throw new Error(model.reason);
  return model;
};
const steps = "steps: [{name: a, image: golang, command: [go, build]}]";
const lines = (rule: string, text: string) => found(rule, path, text).map(({ location }) => location?.line);

describe("readTekton", () => {
  it.each([
    ["Task", `kind: Task\nspec: {${steps}}`],
    ["ClusterTask", `kind: ClusterTask\nspec: {${steps}}`],
    ["TaskRun", `kind: TaskRun\nspec: {taskSpec: {${steps}}}`],
    ["Pipeline", `kind: Pipeline\nspec: {tasks: [{taskRef: {name: x}}], finally: [{taskSpec: {${steps}}}]}`],
    ["PipelineRun", `kind: PipelineRun\nspec: {pipelineSpec: {tasks: [{taskSpec: {${steps}}}]}}`],
  ])("finds the task of %s", (_, text) => {
    expect(read(text).pods.map(({ containers }) => containers.map(({ name, role }) => [name, role]))).toEqual([
      [["a", "step"]],
    ]);
  });

  it("merges a step with the template and the pod of its run", () => {
    const { pods } = read(`kind: TaskRun
spec:
  podTemplate: {securityContext: {runAsUser: 1, fsGroup: 5}}
  taskSpec:
    stepTemplate:
      image: golang
      securityContext: {runAsUser: 2, runAsGroup: 3}
      env: [{name: GOCACHE, value: /a}, {name: A, value: $(params.a)}]
      volumeMounts: [{name: c, mountPath: /c}]
    steps:
      - {name: a, env: [{name: GOCACHE, value: /b}], volumeMounts: [{name: d, mountPath: /d}]}
      - {name: b, image: alpine, securityContext: {runAsUser: 4}}
    sidecars: [{name: s, image: golang}]
`);
    const [a, b, s] = pods[0]?.containers ?? [];
    expect([a, b, s].map((one) => [one?.uid?.value, one?.gid?.value, one?.image?.text()])).toEqual([
      [2, 3, "golang"],
      [4, 3, "alpine"],
      [1, undefined, "golang"],
    ]);
    expect([a?.env.get("GOCACHE"), b?.env.get("GOCACHE"), s?.env.get("GOCACHE"), a?.env.get("A")]).toEqual([
      "/b",
      "/a",
      undefined,
      undefined,
    ]);
    expect(a?.mounts.map(({ path }) => path)).toEqual(["/c", "/d"]);
  });

  it("reads scripts of a shell, and expressions as nothing that is known", () => {
    const said = (script: string) =>
      read(`kind: Task\nspec:\n  steps:\n    - script: |\n${script.replace(/^/gm, "        ")}\n`).commands.map(
        ({ words }) => words.map(({ value }) => value).join(" "),
      );
    expect(said("go build $(params.flags[*]) ./...")).toEqual(["go build $(params.flags[*]) ./..."]);
    expect(said("#!/usr/bin/env bash\ngo vet")).toEqual(["go vet"]);
    expect(said("#!/usr/bin/env python3\ngo = 1")).toEqual([]);
  });

  it("takes a workspace for a volume of the steps", () => {
    const [pod] = read(`kind: Task
spec:
  workspaces: [{name: source}, {name: mod, mountPath: /go/pkg/mod/}, {name: config, readOnly: true}]
  stepTemplate: {env: [{name: GOCACHE, value: $(workspaces.source.path)/.cache}]}
  steps: [{name: a, image: golang, script: go build}]
`).pods;
    expect(pod && goCacheVolumes(pod).map(({ name, holds }) => [name, [...holds]])).toEqual([
      ["workspace mod", ["modules"]],
      ["workspace source", ["builds"]],
    ]);
  });
});

describe("the rules for pods look at steps", () => {
  const task = (a: string, b: string): string => `apiVersion: tekton.dev/v1
kind: Task
spec:
  workspaces: [{name: mod, mountPath: /go/pkg/mod}]
  stepTemplate: {image: "golang:1.25"}
  steps:
    - {name: a, securityContext: {runAsUser: ${a}}, command: [go, get, example.com/x]}
    - {name: b, securityContext: {runAsUser: ${b}}, command: [go, get, example.com/y]}
`;
  it("different UIDs, and root before another one", () => {
    expect(lines("kubernetes-cache-different-uids", task("1", "2"))).toEqual([8]);
    expect(found("kubernetes-cache-different-uids", path, task("1", "2"))[0]?.message).toMatch(
      /^step "a" fills .* step "b"/,
    );
    expect(fixed("kubernetes-cache-different-uids", path, task("1", "2"), true)).toBe(task("2", "2"));
    expect(lines("kubernetes-init-leaves-root-files", task("0", "2"))).toEqual([7]);
    for (const rule of ["kubernetes-cache-different-uids", "kubernetes-init-leaves-root-files"]) {
      expect(lines(rule, task("2", "2"))).toEqual([]);
      expect(lines(rule, task("2", "$(params.uid)"))).toEqual([]);
      expect(lines(rule, task("2", "0"))).toEqual([]);
    }
  });

  it("runAsNonRoot of the template, a read-only root, a directory of the node, a tag that moves", () => {
    const text = `apiVersion: tekton.dev/v1
kind: Task
spec:
  stepTemplate:
    image: golang
    imagePullPolicy: IfNotPresent
    securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true}
    volumeMounts: [{name: mod, mountPath: /go/pkg/mod}]
  steps:
    - name: a
      image: golang:1.25
      securityContext: {runAsUser: 0}
      script: go build
  volumes: [{name: mod, hostPath: {path: /x}}]
`;
    expect(lines("kubernetes-run-as-non-root-contradicted", text)).toEqual([12]);
    expect(lines("kubernetes-read-only-root-without-cache", text)).toEqual([7]);
    expect(lines("kubernetes-host-path-cache", text)).toEqual([14]);
    expect(lines("kubernetes-mutable-tag-if-not-present", text)).toEqual([]);
    expect(lines("kubernetes-mutable-tag-if-not-present", text.replace("golang:1.25", "golang"))).toEqual([6]);
    const after = fixed("kubernetes-read-only-root-without-cache", path, text);
    expect(after).toContain("{name: go-work, emptyDir: {}}");
    expect(lines("kubernetes-read-only-root-without-cache", after)).toEqual([]);
  });
});
