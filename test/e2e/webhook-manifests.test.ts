// The manifests of packaging/kubernetes, and the commands of docs/webhook.md that make a certificate for them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { ownNamespaces } from "../../src/admission/admit.ts";
import { routeOf } from "../../src/admission/route.ts";
import { isKnown } from "../../src/admission/workload.ts";
import { startWebhook } from "../../src/cluster/webhook.ts";
import { lint } from "../../src/lint/run.ts";
import { before, executable } from "./program.ts";

const base = "packaging/kubernetes/base";
// biome-ignore lint/suspicious/noExplicitAny: manifests are read, not written
type Manifest = any;

function manifests(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(join(base, file), "utf8")).map((document) => document.toJS());
}

const all = readdirSync(base).flatMap(manifests);
const one = (kind: string): Manifest => all.find((manifest) => manifest.kind === kind);

describe("packaging/kubernetes", () => {
  const hooks: Manifest[] = ["Mutating", "Validating"].flatMap((kind) => one(`${kind}WebhookConfiguration`).webhooks);

  it("every webhook goes to a path that is answered, and none can hold a cluster up", () => {
    expect(hooks).toHaveLength(6);
    const service = one("Service").metadata.name;
    for (const hook of hooks) {
      const { service: to } = hook.clientConfig;
      expect([to.name, to.namespace]).toEqual([service, "gomodcache-system"]);
      const route = routeOf(to.path);
      expect(hook).toMatchObject({
        failurePolicy: "Ignore",
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
        timeoutSeconds: 3,
      });
      const [names, ...labels] = hook.namespaceSelector.matchExpressions;
      expect(names).toEqual({
        key: "kubernetes.io/metadata.name",
        operator: "NotIn",
        values: [...ownNamespaces, "gomodcache-system"],
      });
      const asks = labels.some((label: Manifest) => label.key === "gomodcache.dev/inject" && label.operator === "In");
      expect(route?.byNamespace).toBe(asks);
      const enforces = labels.some(
        (label: Manifest) => label.key === "gomodcache.dev/validate" && label.operator === "In",
      );
      expect(route?.mode).toBe(enforces ? "enforce" : undefined);
    }
  });

  it("what is sent is what is looked at, and of namespaces' labels exactly one validating webhook holds", () => {
    const singular: Record<string, string> = {
      pods: "Pod",
      replicationcontrollers: "ReplicationController",
      podtemplates: "PodTemplate",
      deployments: "Deployment",
      replicasets: "ReplicaSet",
      statefulsets: "StatefulSet",
      daemonsets: "DaemonSet",
      jobs: "Job",
      cronjobs: "CronJob",
    };
    for (const { rules } of hooks)
      for (const { resources, apiGroups } of rules)
        for (const resource of resources)
          expect(isKnown({ group: apiGroups[0], kind: singular[resource] ?? resource })).toBe(true);
    const holds = (hook: Manifest, labels: Record<string, string>): boolean =>
      hook.namespaceSelector.matchExpressions.every(
        ({ key, operator, values }: Manifest) => (operator === "In") === values.includes(labels[key]),
      );
    for (const inject of ["true", "enabled", "false", undefined])
      for (const validate of ["enforce", "warn", undefined, "off"]) {
        const labels = {
          "kubernetes.io/metadata.name": "builds",
          ...(inject && { "gomodcache.dev/inject": inject }),
          ...(validate && { "gomodcache.dev/validate": validate }),
        };
        const count = hooks.slice(2).filter((hook) => holds(hook, labels)).length;
        expect([inject, validate, count]).toEqual([inject, validate, validate === "off" ? 0 : 1]);
      }
  });

  it("the Deployment's arguments are the command's, its certificate is the overlays', and lint has nothing to say", () => {
    const { spec } = one("Deployment").spec.template;
    const [{ args, ports }] = spec.containers;
    const help = spawnSync(executable, [...before, "webhook", "--help"], { encoding: "utf8" }).stdout;
    for (const arg of args.slice(1)) expect(help).toContain(arg.split("=")[0]);
    expect(ports.map((port: Manifest) => port.containerPort)).toEqual([8443, 9090]);
    const secret = spec.volumes[0].secret.secretName;
    const own = parse(readFileSync("packaging/kubernetes/own-certificate/kustomization.yaml", "utf8"));
    expect(own.secretGenerator[0].name).toBe(secret);
    expect(readFileSync("packaging/kubernetes/cert-manager/certificate.yaml", "utf8")).toContain(
      `secretName: ${secret}`,
    );
    const files = readdirSync(base).map((path) => ({ path, text: readFileSync(join(base, path), "utf8") }));
    expect(lint(files)).toMatchObject({ findings: [], skipped: [] });
  });
});

describe("the certificate of docs/webhook.md", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "gomodcache-openssl-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it("is one that an API server takes for the Service", async () => {
    const [, script = ""] =
      /runs this block -->\n```sh\n([\s\S]*?)```/.exec(readFileSync("docs/webhook.md", "utf8")) ?? [];
    const made = spawnSync("sh", ["-euc", script], { cwd: directory, encoding: "utf8" });
    expect(made.status).toBe(0);
    const webhook = await startWebhook({
      files: { certificate: join(directory, "tls.crt"), key: join(directory, "tls.key") },
      address: "127.0.0.1",
      port: 0,
      metricsPort: 0,
      admission: { mode: "warn", failOn: "error", excluded: new Set() },
      shutdownDelay: 0,
      version: "0",
      env: {},
      log: () => undefined,
    });
    const options = {
      host: "127.0.0.1",
      port: webhook.port,
      ca: readFileSync(join(directory, "ca.crt")),
      servername: "gomodcache-webhook.gomodcache-system.svc",
    };
    const authorized = await new Promise((resolve, reject) => {
      const socket = connect(options, () => {
        resolve(socket.authorized);
        socket.destroy();
      }).once("error", reject);
    });
    expect(authorized).toBe(true);
    await webhook.end();
  });
});
