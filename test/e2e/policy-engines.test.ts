// The policies in the engines that people have: opa, Conftest and Gatekeeper, each as itself.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { gatekeeperFiles } from "../../scripts/gatekeeper.ts";
import { targetNamed } from "../../src/generate/render.ts";
import { allLintRules } from "../../src/lint/all.ts";
import { made } from "../generate/made.ts";
import { drawnPods, objectsOf, policies, policiesSay } from "./policy-cases.ts";
import { describeWithTools, runTool } from "./tools.ts";

const unitTests = fileURLToPath(new URL("../policy", import.meta.url));
const gatekeeper = fileURLToPath(new URL("../../policy/gatekeeper", import.meta.url));
const fixture = (name: string): string => fileURLToPath(new URL(`../lint/fixtures/${name}`, import.meta.url));

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "policy-engines-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function put(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}

/** One with errors, a warning and an advice. */
const bad = `apiVersion: v1
kind: Pod
metadata: {name: bad, namespace: default}
spec:
  securityContext: {fsGroup: 2000}
  initContainers:
    - name: tools
      image: golang:1.25
      securityContext: {runAsUser: 0}
      volumeMounts: [{name: cache, mountPath: /go/pkg/mod}]
      command: [sh, -c, go install example.com/x@v1]
  containers:
    - name: build
      image: golang
      imagePullPolicy: IfNotPresent
      securityContext: {runAsUser: 1001}
      env: [{name: GOCACHE, value: /tmp/go-build}]
      volumeMounts: [{name: cache, mountPath: /go/pkg/mod}]
      command: [go, build, .]
  volumes: [{name: cache, emptyDir: {}}]
`;

describe("the folder policy", () => {
  it("has each kubernetes rule of lint as a rule of the same name", () => {
    const names = allLintRules.map(({ id }) => id).filter((id) => id.startsWith("kubernetes-"));
    expect(readdirSync(join(policies, "rules")).sort()).toEqual(names.map((id) => `${id}.rego`).sort());
    for (const id of names)
      expect(readFileSync(join(policies, "rules", `${id}.rego`), "utf8")).toContain(`\nid := "${id}"\n`);
  });

  it("has what scripts/gatekeeper.ts makes of the rules, and nothing else", () => {
    const there = readdirSync(gatekeeper, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".yaml"),
    );
    expect(new Map(there.sort().map((name) => [name, readFileSync(join(gatekeeper, name), "utf8")]))).toEqual(
      new Map([...gatekeeperFiles()].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
  });
});

describeWithTools("opa", () => {
  it("finds nothing to say about the policies themselves, and their unit tests pass", () => {
    for (const args of [
      ["check", "--strict"],
      ["fmt", "--diff", "--fail"],
    ])
      expect(runTool("opa", [...args, policies, unitTests])).toMatchObject({ status: 0, stdout: "", stderr: "" });
    const { status, stdout } = runTool("opa", ["test", "--format=json", policies, unitTests]);
    expect({ status, stdout: status === 0 ? "" : stdout }).toEqual({ status: 0, stdout: "" });
    expect(JSON.parse(stdout).length).toBeGreaterThan(20);
  });

  it("admits and refuses: an AdmissionReview is answered as the plain object is", () => {
    const [object] = objectsOf(bad);
    const review = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { uid: "u", object } };
    const ask = (input: unknown, query: string): string[] => {
      const args = ["eval", "-d", policies, "-I", "-f", "raw", query];
      const { status, stdout, stderr } = runTool("opa", args, { input: JSON.stringify(input) });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      return JSON.parse(stdout);
    };
    for (const query of ["data.gomodcache.deny", "data.gomodcache.warn", "data.requirements.deny"])
      expect(ask(review, query)).toEqual(ask(object, query));
    expect(ask(review, "data.gomodcache.deny")).toEqual([
      'kubernetes-init-leaves-root-files: init container "tools" fills the cache as root, and in container "build" go build must add what is missing in it as uid 1001: permission denied',
    ]);
    expect(ask(review, "data.gomodcache.warn").map((one) => one.split(":")[0])).toEqual([
      "kubernetes-fsgroup-on-go-cache",
      "kubernetes-mutable-tag-if-not-present",
    ]);
  });

  it("lets the article's Job and what is generated pass, where the widely copied requirement refuses their init container", () => {
    const texts = [readFileSync(fixture("article-job.yaml"), "utf8")];
    for (const variant of ["same-uid", "group", "readonly", "init"])
      for (const initImage of [undefined, "registry.example.org/gomodcache:0.1"])
        texts.push(made(targetNamed("kubernetes-job"), { variant, ...(initImage === undefined ? {} : { initImage }) }));
    const cases = texts.map(objectsOf);
    expect(policiesSay(cases, "data.requirements.findings")).toEqual(texts.map(() => []));
    expect(policiesSay(cases)).toEqual(texts.map(() => []));
    // With another image of the same command nobody knows what chown is.
    const other = texts.map((text) => text.replaceAll(/(alpine:3\.22|busybox:1\.37)/g, "example.org/tools:1"));
    const refused = policiesSay(other.map(objectsOf), "data.requirements.findings").filter((said) => said.length > 0);
    expect(refused).toHaveLength(2);
  });
});

describeWithTools("conftest", () => {
  const conftest = (file: string, ...args: string[]): { status: number | null; said: [string, string][] } => {
    const { status, stdout } = runTool("conftest", ["test", "-p", policies, "-o", "json", ...args, file]);
    const results: Record<string, { msg: string }[] | undefined>[] = JSON.parse(stdout);
    const of = (kind: string): [string, string][] =>
      results.flatMap((one) =>
        (one[kind] ?? []).map(({ msg }): [string, string] => [kind, msg.split(":")[0] as string]),
      );
    return { status, said: [...of("failures"), ...of("warnings")] };
  };

  it("fails for errors and warns of the rest", () => {
    expect(conftest(put("bad.yaml", bad))).toEqual({
      status: 1,
      said: [
        ["failures", "kubernetes-init-leaves-root-files"],
        ["warnings", "kubernetes-fsgroup-on-go-cache"],
        ["warnings", "kubernetes-mutable-tag-if-not-present"],
      ],
    });
    expect(conftest(put("bad.yaml", bad), "--namespace", "requirements")).toEqual({
      status: 1,
      said: [
        ["failures", "require-run-as-non-root"],
        ["failures", "require-run-as-non-root"],
        ["failures", "require-pull-of-mutable-tags"],
      ].sort(),
    });
  });

  it.each(["article-job.yaml", "hardened-build.yaml", "list-output.yaml"])("passes %s", (name) => {
    expect(conftest(fixture(name))).toEqual({ status: 0, said: [] });
  });
});

describeWithTools("gatekeeper", () => {
  /** `object message`, in order. */
  const gator = (objects: readonly object[]): string[] => {
    const file = put("objects.yaml", objects.map((one) => stringify(one)).join("---\n"));
    const { stdout, stderr } = runTool("gator", ["test", "-f", gatekeeper, "-f", file, "--output=json"]);
    expect(stderr).toBe("");
    const found: { msg: string; violatingObject: { metadata: { name: string } } }[] =
      JSON.parse(stdout || "null") ?? [];
    return [...new Set(found.map(({ msg, violatingObject: { metadata } }) => `${metadata.name} ${msg}`))].sort();
  };

  it("says what the rules say, about pods drawn at random and about a Deployment", () => {
    const drawn = fc.sample(drawnPods, { seed: 5, numRuns: 60 }) as { metadata: object; spec: object }[];
    const pods = drawn.map((pod, at) => ({ ...pod, metadata: { name: `pod-${at}`, namespace: "default" } }));
    const objects: { metadata: { name: string } }[] = [
      ...pods,
      {
        ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "deployment", namespace: "default" } },
        ...{ spec: { template: { spec: pods[0]?.spec } } },
      },
    ].map((one) => JSON.parse(JSON.stringify(one)));
    const cases = objects.map((one) => [one]);
    const said = [policiesSay(cases), policiesSay(cases, "data.requirements.findings")].flatMap((answers) =>
      answers.flatMap((one, at) =>
        one.map((finding) => `${objects[at]?.metadata.name} ${finding.replace(/ (error|warning|advice) /, ": ")}`),
      ),
    );
    expect(said.length).toBeGreaterThan(60);
    expect(gator(objects)).toEqual([...new Set(said)].sort());
  });

  it("denies errors and only warns of the rest; kube-system is left alone", () => {
    const file = put("bad.yaml", bad);
    const run = (one: string): { msg: string; enforcementAction: string }[] =>
      JSON.parse(runTool("gator", ["test", "-f", join(gatekeeper, "rules"), "-f", one, "--output=json"]).stdout) ?? [];
    expect(
      run(file)
        .map((one) => [one.enforcementAction, one.msg.split(":")[0]])
        .sort(),
    ).toEqual([
      ["deny", "kubernetes-init-leaves-root-files"],
      ["warn", "kubernetes-fsgroup-on-go-cache"],
      ["warn", "kubernetes-mutable-tag-if-not-present"],
    ]);
    expect(run(put("system.yaml", bad.replace("namespace: default", "namespace: kube-system")))).toEqual([]);
  });
});
