// OPA as an admission webhook: what data.system.main, which it is asked for at /, answers to an AdmissionReview.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { policies } from "./policy-cases.ts";
import { describeWithTools, runTool } from "./tools.ts";

const leaves = "kubernetes-init-leaves-root-files";
const good = new URL("../lint/fixtures/article-job.yaml", import.meta.url);

const bad = `
  initContainers:
    - name: download
      image: golang:1.25
      securityContext: {runAsUser: 0}
      command: [go, mod, download]
      volumeMounts: [{name: cache, mountPath: /go/pkg/mod}]
  containers:
    - name: build
      image: golang:latest
      imagePullPolicy: IfNotPresent
      securityContext: {runAsUser: 1001}
      env: [{name: GOCACHE, value: /tmp/go-build}]
      command: [go, get, example.com/x]
      volumeMounts: [{name: cache, mountPath: /go/pkg/mod}]
  volumes: [{name: cache, emptyDir: {}}]
`;

describeWithTools("OPA as an admission webhook", () => {
  const pod = { spec: parse(bad) as object };
  const spec = { template: pod };
  const review = (kind: string, object: unknown): string =>
    JSON.stringify({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      request: { uid: `of-${kind}`, kind: { group: "", version: "v1", kind }, operation: "CREATE", object },
    });
  const ask = (query: string, input: string): unknown => {
    const { status, stdout, stderr } = runTool("opa", ["eval", "-f", "raw", "-d", policies, "-I", query], { input });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return JSON.parse(stdout);
  };

  it.each([
    ["Pod", pod],
    ["Job", { spec }],
    ["Deployment", { spec }],
    ["CronJob", { spec: { jobTemplate: { spec } } }],
  ])("refuses a bad %s", (kind, object) => {
    const input = review(kind, { kind, ...object });
    expect(ask("data.gomodcache.deny", input)).toEqual([expect.stringMatching(`^${leaves}: `)]);
    expect(ask("data.system.main", input)).toEqual({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: {
        uid: `of-${kind}`,
        allowed: false,
        status: { code: 403, message: expect.stringMatching(`^${leaves}: `) },
        warnings: [expect.stringMatching(/^kubernetes-mutable-tag-if-not-present: /)],
      },
    });
  });

  it("lets a good object in, and one that is deleted", () => {
    for (const object of [parse(readFileSync(good, "utf8")), null]) {
      const input = review("Job", object);
      expect(ask("data.gomodcache.deny", input)).toEqual([]);
      expect(ask("data.system.main", input)).toMatchObject({ response: { uid: "of-Job", allowed: true } });
    }
  });
});
