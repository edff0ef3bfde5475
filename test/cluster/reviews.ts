// Reviews as an API server of version 1.32 sends them: every field that it fills, in its order.
import type { JsonObject } from "../../src/admission/json.ts";

interface Asked {
  readonly kind?: readonly [group: string, version: string, kind: string, resource: string];
  readonly operation?: string;
  readonly subResource?: string;
  readonly object?: JsonObject | null;
  readonly oldObject?: JsonObject | null;
  readonly namespace?: string;
  readonly name?: string;
  readonly dryRun?: boolean;
}

export const uid = "705ab4f5-6393-11e8-b7cc-42010a800002";

export function review(asked: Asked): JsonObject {
  const [group, version, kind, resource] = asked.kind ?? ["", "v1", "Pod", "pods"];
  const { operation = "CREATE", object = null, oldObject = null, dryRun = true, namespace = "builds" } = asked;
  return {
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request: {
      uid,
      kind: { group, version, kind },
      resource: { group, version, resource },
      ...(asked.subResource === undefined
        ? {}
        : { subResource: asked.subResource, requestSubResource: asked.subResource }),
      requestKind: { group, version, kind },
      requestResource: { group, version, resource },
      ...(asked.name === undefined ? {} : { name: asked.name }),
      namespace,
      operation,
      userInfo: { username: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] },
      object,
      oldObject,
      dryRun,
      options: {
        kind: operation === "UPDATE" ? "UpdateOptions" : "CreateOptions",
        apiVersion: "meta.k8s.io/v1",
        dryRun: dryRun ? ["All"] : [],
        fieldManager: "kubectl-client-side-apply",
        fieldValidation: "Strict",
      },
    },
  };
}

/** A pod after defaulting, of kubectl apply; its spec's own fields on top. */
export function pod(spec: JsonObject, annotations: JsonObject = {}, labels: JsonObject = {}): JsonObject {
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      generateName: "go-build-",
      namespace: "builds",
      creationTimestamp: null,
      labels: { "batch.kubernetes.io/job-name": "go-build", ...labels },
      annotations,
      ownerReferences: [
        {
          apiVersion: "batch/v1",
          kind: "Job",
          name: "go-build",
          uid: "d7c0",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: [
        {
          manager: "kube-controller-manager",
          operation: "Update",
          apiVersion: "v1",
          time: "2026-01-02T03:04:05Z",
          fieldsType: "FieldsV1",
          fieldsV1: { "f:spec": { "f:containers": { 'k:{"name":"build"}': { ".": {}, "f:image": {} } } } },
        },
      ],
    },
    spec: {
      volumes: [
        {
          name: "kube-api-access-x7x2k",
          projected: {
            sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: "token" } }],
            defaultMode: 420,
          },
        },
      ],
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      serviceAccountName: "default",
      serviceAccount: "default",
      securityContext: {},
      schedulerName: "default-scheduler",
      tolerations: [
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      ],
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: "PreemptLowerPriority",
      ...spec,
    },
    status: {},
  };
}

export function container(fields: JsonObject): JsonObject {
  return {
    name: "build",
    image: "golang:1.26",
    resources: {},
    volumeMounts: [
      { name: "kube-api-access-x7x2k", readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
    ],
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: "IfNotPresent",
    ...fields,
  };
}

const ownCaches = [
  { name: "GOMODCACHE", value: "/cache" },
  { name: "GOCACHE", value: "/tmp/go-build" },
];

/** The widely copied Job with its fault: root downloads, uid 1001 goes on. */
export const faulty: JsonObject = {
  initContainers: [
    container({
      name: "download",
      command: ["sh", "-c", "cd /src && go mod download"],
      env: ownCaches,
      securityContext: { runAsUser: 0 },
      volumeMounts: [{ name: "cache", mountPath: "/cache" }],
    }),
  ],
  containers: [
    container({
      command: ["go", "get", "example.com/tool@v1.2.3"],
      env: ownCaches,
      securityContext: { runAsUser: 1001 },
      volumeMounts: [{ name: "cache", mountPath: "/cache" }],
    }),
  ],
  volumes: [{ name: "cache", emptyDir: {} }],
};

/** A workload whose template is this pod's. */
export function workload(kind: "Job" | "Deployment", { metadata, spec }: JsonObject): JsonObject {
  const { labels, annotations } = metadata as JsonObject;
  const template: JsonObject = {
    metadata: { creationTimestamp: null, labels: labels ?? {}, annotations: annotations ?? {} },
    spec: spec ?? {},
  };
  return {
    kind,
    apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
    metadata: { name: "go-build", namespace: "builds", creationTimestamp: null },
    spec:
      kind === "Job"
        ? { backoffLimit: 0, template }
        : { replicas: 2, selector: { matchLabels: { app: "go-build" } }, template },
    status: {},
  };
}
