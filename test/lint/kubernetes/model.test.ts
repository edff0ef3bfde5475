import { describe, expect, it } from "vitest";
import { capabilityNames } from "../../../src/lint/kubernetes/container.ts";
import { goCacheVolumes, placesOf } from "../../../src/lint/kubernetes/go-cache.ts";
import { type KubernetesFile, readKubernetes } from "../../../src/lint/kubernetes/model.ts";
import { Unreadable } from "../../../src/lint/model.ts";
import { found } from "../found.ts";

const read = (text: string): KubernetesFile => {
  const model = readKubernetes({ path: "a.yaml", text });
  if (model instanceof Unreadable) throw new Error(model.reason);
  return model;
};
const reason = (text: string): string => {
  const model = readKubernetes({ path: "a.yaml", text });
  return model instanceof Unreadable ? model.reason : "read";
};
const spec = "containers: [{name: a, image: golang, command: [go, build]}]";

describe("readKubernetes", () => {
  it.each([
    ["Pod", `kind: Pod\nspec: {${spec}}`],
    ["Job", `kind: Job\nspec: {template: {spec: {${spec}}}}`],
    ["CronJob", `kind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {${spec}}}}}}`],
    ["PodTemplate", `kind: PodTemplate\ntemplate: {spec: {${spec}}}`],
    ["List", `kind: List\nitems: [{kind: Deployment, spec: {template: {spec: {${spec}}}}}]`],
    ["a list", `- kind: DaemonSet\n  spec: {template: {spec: {${spec}}}}`],
    [
      "the second document",
      `kind: Service\n---\n# nothing\n---\nkind: StatefulSet\nspec: {template: {spec: {${spec}}}}`,
    ],
    ["a byte order mark", `\ufeffkind: Pod\r\nspec: {${spec}}\r\n`],
  ])("finds the pod of %s", (_, text) => {
    expect(read(text).pods.map(({ containers }) => containers.map(({ name }) => name))).toEqual([["a"]]);
  });

  it("knows who is who, and what comes from the pod", () => {
    const { pods } = read(`kind: Pod
spec:
  securityContext: {runAsUser: 1001, runAsGroup: 5, runAsNonRoot: true}
  initContainers:
    - {name: i, securityContext: {runAsUser: 0, capabilities: {drop: [all], add: [CAP_CHOWN]}}}
    - {name: s, restartPolicy: Always}
  containers:
    - {name: m, image: golang, env: [{name: GOCACHE, value: /c}, {name: GOPATH, valueFrom: {}}]}
    - {name: u, securityContext: {runAsUser: $UID}}
  ephemeralContainers: [{name: e}]
`);
    const containers = pods[0]?.containers ?? [];
    expect(containers.map(({ role }) => role)).toEqual(["init", "sidecar", "main", "main", "ephemeral"]);
    expect(containers.map(({ uid }) => uid?.value)).toEqual([0, 1001, 1001, undefined, 1001]);
    expect(containers.map(({ uid }) => uid?.level)).toEqual(["container", "pod", "pod", undefined, "pod"]);
    const [init, , main] = containers;
    expect(init && [...capabilityNames(init, "drop"), ...capabilityNames(init, "add")]).toEqual(["ALL", "CHOWN"]);
    expect(main && placesOf(main)).toEqual({ modules: undefined, builds: "/c", temporary: "/tmp" });
  });

  it("gives a command its place in the file, in every style of YAML", () => {
    const styles = [
      "go  build",
      '"go  build"',
      "'go  build'",
      "|-\n      go  build",
      "|\n\n      set -e\n      go  build # all",
    ];
    for (const style of styles) {
      const text = `kind: Pod\nspec:\n  containers:\n  - command: [sh, -c]\n    args:\n    - ${style}\n`;
      const commands = read(text).pods[0]?.containers[0]?.commands ?? [];
      const last = commands.at(-1);
      expect(last && text.slice(last.start, last.end)).toBe("go  build");
      expect(last?.words.map(({ start, end }) => text.slice(start, end))).toEqual(["go", "build"]);
    }
  });

  it("follows aliases and merge keys", () => {
    const text = `kind: Pod
spec:
  containers:
    - &a {name: a, image: golang, securityContext: &s {runAsUser: 7}, volumeMounts: &v [{name: c, mountPath: /go/pkg/mod/}]}
    - {<<: *a, name: b}
    - {name: c, securityContext: {<<: [*s]}, volumeMounts: *v}
`;
    const [pod] = read(text).pods;
    expect(pod?.containers.map(({ uid }) => uid?.value)).toEqual([7, 7, 7]);
    const volumes = pod && goCacheVolumes(pod);
    expect(volumes?.map(({ name, users }) => [name, users.map(({ container }) => container.name)])).toEqual([
      ["c", ["a", "b", "c"]],
    ]);
  });

  it.each([
    ["a Helm template", `{{- if .Values.go }}\nkind: Pod\nspec: {${spec}}\n{{- end }}`, /^it is a template: /],
    ["a Helm value", `kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\nspec: {${spec}}`, /^it is a template: /],
    ["a template within a value", `kind: Pod\nspec: {${spec}}\na: "b" {{ x }}`, /^it is a template: /],
    ["placeholders", `kind: Pod\nspec: {${spec}}\n\${EXTRA}\n`, /placeholders/],
    ["broken YAML", `kind: Pod\nspec: {${spec}\n`, /^it is broken YAML: /],
    ["too many documents", `${"---\n".repeat(2_001)}kind: Pod\nspec: {${spec}}`, /more than 2000 documents/],
    ["what is too large", `kind: Pod\nspec: {${spec}}\n${"#\n".repeat(1_100_000)}`, /larger than 2 MiB/],
    [
      "a pod without end",
      `kind: Pod\nspec:\n  containers:\n${"  - {image: golang}\n".repeat(101)}`,
      /more than 100 containers/,
    ],
    ["too many pods", `kind: List\nitems:\n${`- {kind: Pod, spec: {${spec}}}\n`.repeat(2_001)}`, /more than 2000 pods/],
  ])("says why it cannot read %s", (_, text, why) => {
    expect(reason(text)).toMatch(why);
  });

  it("takes braces in text for text", () => {
    expect(reason(`kind: Pod\nmetadata: {name: "{{x}}"}\nspec: {${spec}}\nb: ["{{y}}"]`)).toBe("read");
  });

  it("is not brought down by a bomb of aliases or of brackets, nor by a circle", () => {
    const levels = Array.from({ length: 30 }, (_, at) => `l${at}: &l${at} [${`*l${Math.max(0, at - 1)}, `.repeat(9)}]`);
    expect(
      reason(`kind: List\nl0: &l0 [{kind: Pod, spec: {${spec}}}]\n${levels.slice(1).join("\n")}\nitems: *l29`),
    ).toMatch(/^(read|.*more than 2000 pods)$/);
    expect(reason(`&a\nkind: List\nspec: {${spec}}\nitems: [*a, *a, *a]`)).toBe("read");
    expect(reason(`kind: Pod\nspec: {${spec}}\nx: ${"[".repeat(20_000)}`)).toMatch(/^it is broken YAML: /);
  });
});

it.each([
  ["checksum-database-off", "GOSUMDB", "off"],
  ["checksum-bypass-wide", "GOPRIVATE", "'*'"],
  ["insecure-download", "GIT_SSL_NO_VERIFY", "'true'"],
])("%s looks at env and at scripts, once at each place", (rule, name, value) => {
  const text = `apiVersion: v1
kind: Pod
spec:
  containers:
    - name: a
      env: &env
        - {name: ${name}, value: ${value}}
      command: &run [sh, -c, "export ${name}=${value}; go build"]
    - {name: b, env: *env, command: *run}
`;
  expect(found(rule, "pod.yaml", text).map(({ location }) => location?.line)).toEqual([7, 8]);
});
