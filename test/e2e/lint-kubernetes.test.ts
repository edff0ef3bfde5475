// Is a Kubernetes rule right? For each one a bad pod is really run and fails as the rule's page says, a good one works, and so does what
// lint --fix makes of the bad one. The containers, their users, capabilities, mounts and modes are real; the volumes are directories that
// are made as the kubelet makes them (src/lab/podman.ts). What podman cannot show:
// - the kubelet's refusal of root under runAsNonRoot: podman starts such a container;
// - the kubelet's walk over a claim with fsGroup: there is no kubelet to walk;
// - that fsGroup is a supplementary group of each process: podman 4.3 leaves it out, so that here it is also the primary one.
import { chmodSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Played } from "../../src/lab/podman.ts";
import { fixed, found } from "../lint/found.ts";
import { makePodLab, missingPodTools, type PodLab } from "./pod-lab.ts";

const reason = missingPodTools();
let lab: PodLab;

beforeAll(async () => {
  if (reason === undefined) lab = await makePodLab(["docker.io/library/golang:1.25"]);
}, 120_000);
afterAll(async () => {
  if (reason === undefined) await lab.remove();
}, 120_000);

interface Case {
  readonly name: string;
  readonly rule: string;
  readonly bad: string;
  /** What the container says that fails. */
  readonly says: RegExp;
  readonly good: string;
  /** False if the fix is left to the reader, `unsafe` if it needs --unsafe. */
  readonly fix?: false | "unsafe";
}

const work = "export GOCACHE=/tmp/c && mkdir /tmp/w && cd /tmp/w && go mod init example.com/w";
const get = (module: string): string => `${work} && go get example.com/${module}@v1.0.0`;
const download = "go mod download example.com/alpha@v1.0.0";
const mounts = "volumeMounts: [{name: cache, mountPath: /go/pkg/mod}]";
const step = (name: string, context: string, script: string, rest = mounts): string =>
  `    - {name: ${name}, image: "golang:1.25", securityContext: {${context}}, command: [sh, -c, "${script}"], ${rest}}\n`;
const pod = (init: string, main: string, { spec = "", cache = "emptyDir: {}" } = {}): string =>
  `apiVersion: v1
kind: Pod
metadata: {name: build}
spec:
  restartPolicy: Never
${spec}${init === "" ? "" : `  initContainers:\n${init}`}  containers:
${main}  volumes:
    - {name: cache, ${cache}}
    - {name: sources, configMap: {name: sources}}
`;
const sources = "{name: sources, mountPath: /src}";
const build = (context: string, rest = ""): string =>
  step("build", context, "cd /src && go build ./lib", `volumeMounts: [${sources}]${rest}`);
const group = "  securityContext: {fsGroup: 2000, runAsGroup: 2000}\n";
const node = "hostPath: {path: /HOSTPATH, type: DirectoryOrCreate}";

const cases: Case[] = [
  {
    name: "one user after the other",
    rule: "kubernetes-cache-different-uids",
    bad: pod(step("first", "runAsUser: 1002", get("alpha")), step("second", "runAsUser: 1001", get("beta"))),
    says: /mkdir \/go\/pkg\/mod\/cache\/download\/example.com\/beta: permission denied/,
    good: pod(step("first", "runAsUser: 1001", get("alpha")), step("second", "runAsUser: 1001", get("beta"))),
    fix: "unsafe",
  },
  {
    name: "root before another user",
    rule: "kubernetes-init-leaves-root-files",
    bad: pod(step("first", "runAsUser: 0", get("alpha")), step("second", "runAsUser: 1001", get("beta"))),
    says: /mkdir \/go\/pkg\/mod\/cache\/download\/example.com\/beta: permission denied/,
    good: pod(
      step("first", "runAsUser: 0", `${get("alpha")} && chown -R 1001:1001 /go/pkg/mod`),
      step("second", "runAsUser: 1001", get("beta")),
    ),
  },
  {
    name: "a group that may only read",
    rule: "kubernetes-fsgroup-on-go-cache",
    bad: pod(step("first", "runAsUser: 1002", get("alpha")), step("second", "runAsUser: 1001", get("beta")), {
      spec: group,
    }),
    says: /permission denied/,
    good: pod(
      step("first", "runAsUser: 1002", `umask 002; ${get("alpha")}`),
      step("second", "runAsUser: 1001", `umask 002; ${get("beta")}`),
      { spec: group },
    ),
    fix: false,
  },
  {
    name: "nowhere to write",
    rule: "kubernetes-read-only-root-without-cache",
    bad: pod("", build("runAsUser: 1001, readOnlyRootFilesystem: true")),
    says: /read-only file system/,
    good: pod(
      "",
      build(
        "runAsUser: 1001, readOnlyRootFilesystem: true",
        ", env: [{name: GOCACHE, value: /tmp/c}, {name: GOMODCACHE, value: /tmp/m}]",
      ).replace("volumeMounts: [", "volumeMounts: [{name: cache, mountPath: /tmp}, "),
    ),
  },
  {
    name: "chown by root without CAP_CHOWN",
    rule: "kubernetes-root-without-capabilities",
    bad: pod(
      step("own", "runAsUser: 0, capabilities: {drop: [ALL]}", "chown -R 1001:1001 /go/pkg/mod"),
      step("second", "runAsUser: 1001", get("beta")),
    ),
    says: /chown: \/go\/pkg\/mod.*Operation not permitted/,
    good: pod(
      step("own", "runAsUser: 0, capabilities: {drop: [ALL], add: [CHOWN]}", "chown -R 1001:1001 /go/pkg/mod"),
      step("second", "runAsUser: 1001", get("beta")),
    ),
    fix: "unsafe",
  },
  {
    name: "a directory of the node",
    rule: "kubernetes-host-path-cache",
    bad: pod("", step("build", "runAsUser: 1001", get("alpha")), { cache: node }),
    says: /mkdir \/go\/pkg\/mod\/cache: permission denied/,
    good: pod("", step("build", "runAsUser: 1001", get("alpha"))),
    fix: false,
  },
  {
    name: "no home to build in",
    rule: "kubernetes-cache-not-writable",
    bad: pod("", build("runAsUser: 1001")),
    says: /failed to initialize build cache at \/\.cache\/go-build: mkdir \/\.cache: permission denied/,
    good: pod("", build("runAsUser: 1001", ", env: [{name: HOME, value: /tmp}]")),
  },
  {
    name: "modules where no volume is",
    rule: "kubernetes-cache-not-writable",
    bad: pod("", step("get", "runAsUser: 1001", download, "env: [{name: GOMODCACHE, value: /modules}]")),
    says: /mkdir \/modules: permission denied/,
    good: pod("", step("get", "runAsUser: 1001", download, "env: [{name: GOMODCACHE, value: /go/m}]")),
  },
  {
    name: "a closed emptyDir",
    rule: "kubernetes-empty-dir-mode",
    bad: pod("", step("build", "runAsUser: 1001", get("alpha")), { cache: "emptyDir: {mode: 0755}" }),
    says: /mkdir \/go\/pkg\/mod\/cache: permission denied/,
    good: pod("", step("build", "runAsUser: 1001", get("alpha")), { cache: "emptyDir: {mode: 01777}" }),
    fix: "unsafe",
  },
];

describe.each(cases)("$rule: $name", ({ name, rule, bad, says, good, fix }) => {
  const finds = (text: string): number => found(rule, "pod.yaml", text).length;
  const play = (text: string): Promise<Played> => {
    const directory = join(lab.directory, `node ${name}`);
    return lab.podman.play(text.replace("/HOSTPATH", directory), { sources: lab.sources });
  };

  it("the bad one is found and fails, the good one is not and works, and so does the bad one after lint --fix", async (context) => {
    context.skip(reason !== undefined, reason);
    expect([finds(bad), finds(good)]).toEqual([1, 0]);
    const failed = await play(bad);
    expect(failed.passed, JSON.stringify(failed)).toBe(false);
    expect(failed.containers.at(-1)?.status, JSON.stringify(failed)).not.toBe(0);
    expect(failed.containers.at(-1)?.output).toMatch(says);
    const passed = await play(good);
    expect(passed, good).toMatchObject({ passed: true });
    if (fix === false) {
      expect(fixed(rule, "pod.yaml", bad, true)).toBe(bad);
      return;
    }
    const text = fixed(rule, "pod.yaml", bad, fix === "unsafe");
    expect(finds(text), text).toBe(0);
    expect(await play(text), text).toMatchObject({ passed: true });
  }, 180_000);
});

describe("what the rules say nothing about works", () => {
  const works = async (text: string): Promise<void> => {
    expect(await lab.podman.play(text, { sources: lab.sources }), text).toMatchObject({ passed: true });
  };

  it("a complete cache that another user only reads", async (context) => {
    context.skip(reason !== undefined, reason);
    const text = pod(
      step(
        "first",
        "runAsUser: 0",
        "cd /src && go mod download",
        `volumeMounts: [${sources}, {name: cache, mountPath: /go/pkg/mod}]`,
      ),
      step(
        "second",
        "runAsUser: 1001",
        "cd /src && go build ./lib",
        `volumeMounts: [${sources}, {name: cache, mountPath: /go/pkg/mod}], env: [{name: GOCACHE, value: /tmp/c}]`,
      ),
    );
    expect(found("kubernetes-init-leaves-root-files", "pod.yaml", text)).toEqual([]);
    await works(text);
  }, 180_000);

  it("two users in two subdirectories of one volume", async (context) => {
    context.skip(reason !== undefined, reason);
    const at = (part: string): string => mounts.replace("}]", `, subPath: ${part}}]`);
    const claim = join(lab.directory, "claim");
    for (const name of ["", "a", "b"]) {
      mkdirSync(join(claim, name), { recursive: true });
      chmodSync(join(claim, name), 0o777);
    }
    const text = pod(
      step("first", "runAsUser: 1002", get("alpha"), at("a")),
      step("second", "runAsUser: 1001", get("beta"), at("b")),
      { cache: "persistentVolumeClaim: {claimName: c}" },
    );
    expect(found("kubernetes-cache-different-uids", "pod.yaml", text)).toEqual([]);
    expect(await lab.podman.play(text, { cache: claim, sources: lab.sources }), text).toMatchObject({ passed: true });
    expect(statSync(join(claim, "a/cache/download/example.com/alpha")).uid).toBe(1002);
    expect(existsSync(join(claim, "b/cache/download/example.com/alpha"))).toBe(false);
  }, 180_000);

  it("kubernetes-run-as-non-root-contradicted: the exception that --fix --unsafe writes starts", async (context) => {
    context.skip(reason !== undefined, reason);
    const rule = "kubernetes-run-as-non-root-contradicted";
    const bad = pod(
      step("own", "runAsUser: 0", "chown -R 1001:1001 /go/pkg/mod"),
      step("second", "runAsUser: 1001", get("beta")),
      { spec: "  securityContext: {runAsNonRoot: true}\n" },
    );
    const text = fixed(rule, "pod.yaml", bad, true);
    expect([found(rule, "pod.yaml", bad).length, found(rule, "pod.yaml", text).length]).toEqual([1, 0]);
    await works(text);
  }, 180_000);
});
