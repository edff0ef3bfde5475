// The webhook as a process of its own, asked over TLS as an API server asks.
import { spawnSync } from "node:child_process";
import { Agent } from "node:https";
import { connect as connectPlain, type Socket } from "node:net";
import { connect } from "node:tls";
import jsonPatch from "fast-json-patch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/admission/json.ts";
import { makePair } from "../cluster/certificates.ts";
import { container, faulty, pod, review, uid, workload } from "../cluster/reviews.ts";
import { type Reply, WebhookLab } from "../cluster/webhook-lab.ts";
import { Collector, describeWithCollector, plain } from "../telemetry/collector.ts";
import { before, executable } from "./program.ts";

interface Response {
  readonly uid: string;
  readonly allowed: boolean;
  readonly warnings?: string[];
  readonly patch?: string;
  readonly patchType?: string;
  readonly status?: { code: number; message: string; reason: string };
}

function responseOf({ status, text, headers }: Reply): Response {
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/json");
  const { apiVersion, kind, response } = JSON.parse(text);
  expect({ apiVersion, kind }).toEqual({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview" });
  expect(response.uid).toBe(uid);
  return response;
}

const asking = { "gomodcache.dev/inject": "true", "gomodcache.dev/uid": "1001" };
const building = { containers: [container({ command: ["go", "build", "./..."] })] };

describe("gomodcache webhook", () => {
  let lab: WebhookLab;
  beforeAll(async () => {
    lab = await WebhookLab.start(["--shutdown-delay", "0.2"]);
  });
  afterAll(() => lab.stop());

  const ask = async (path: string, asked: Parameters<typeof review>[0]): Promise<Response> =>
    responseOf(await lab.post(`${path}?timeout=5s`, review(asked)));

  it("kubectl apply --dry-run=server of a pod that asks gets the caches, by a patch that applies", async () => {
    const object = pod(building, asking);
    const response = await ask("/mutate", { object });
    expect(response).toMatchObject({ allowed: true, patchType: "JSONPatch" });
    const patch = JSON.parse(Buffer.from(response.patch ?? "", "base64").toString());
    const patched = jsonPatch.applyPatch(structuredClone(object), patch, true).newDocument as JsonObject;
    expect(patched["spec"]).toMatchObject({
      securityContext: { runAsUser: 1001, runAsNonRoot: true },
      volumes: [{}, { name: "gomodcache", emptyDir: {} }, { name: "gocache", emptyDir: {} }],
      containers: [
        {
          env: [
            { name: "GOMODCACHE", value: "/var/cache/gomodcache" },
            { name: "GOCACHE", value: "/var/cache/go-build" },
          ],
        },
      ],
    });
    const again = await ask("/mutate", { object: patched });
    expect(again).toEqual({ uid, allowed: true });
  });

  it("a Job that will fail is a warning with the rule and the fix, and a denial where the namespace says so", async () => {
    const object = workload("Job", pod(faulty));
    const kind = ["batch", "v1", "Job", "jobs"] as const;
    const warned = await ask("/validate", { kind, object, name: "go-build" });
    expect(warned.allowed).toBe(true);
    expect(warned.warnings?.join("\n")).toMatch(/kubernetes-init-leaves-root-files: .* uid 1001.*Fix: /);
    const denied = await ask("/validate/enforce", { kind, object, name: "go-build" });
    expect(denied).toMatchObject({ allowed: false, status: { code: 403, reason: "Forbidden" } });
    expect(denied.status?.message).toMatch(/kubernetes-init-leaves-root-files.*\n {2}Fix: Give it to uid 1001/);
    const exempt = { ...faulty };
    const reason = { "ignore.gomodcache.dev/kubernetes-init-leaves-root-files": "a later webhook gives it away" };
    const let_ = await ask("/validate/enforce", { kind, object: workload("Job", pod(exempt, reason)) });
    expect(let_.allowed).toBe(true);
  });

  it("an update of a Deployment is denied for what it adds, not for what was there", async () => {
    const kind = ["apps", "v1", "Deployment", "deployments"] as const;
    const [bad, good] = [workload("Deployment", pod(faulty)), workload("Deployment", pod(building))];
    const same = await ask("/validate/enforce", { kind, operation: "UPDATE", object: bad, oldObject: bad });
    expect(same.allowed).toBe(true);
    expect(same.warnings?.length).toBeGreaterThan(0);
    const worse = await ask("/validate/enforce", { kind, operation: "UPDATE", object: bad, oldObject: good });
    expect(worse.allowed).toBe(false);
  });

  it("subresources, deletions, other kinds and kube-system are let through untouched", async () => {
    const object = pod(faulty, asking);
    const untouched = { uid, allowed: true };
    for (const path of ["/mutate", "/mutate/namespace", "/validate/enforce"]) {
      expect(
        await ask(path, { object, oldObject: object, operation: "UPDATE", subResource: "ephemeralcontainers" }),
      ).toEqual(untouched);
      expect(await ask(path, { oldObject: object, operation: "DELETE" })).toEqual(untouched);
      expect(await ask(path, { object, namespace: "kube-system" })).toEqual(untouched);
      expect(await ask(path, { object, kind: ["", "v1", "ConfigMap", "configmaps"] })).toEqual(untouched);
      const exec = { kind: "PodExecOptions", apiVersion: "v1", command: ["sh"] };
      expect(
        await ask(path, {
          object: exec,
          operation: "CONNECT",
          kind: ["", "v1", "PodExecOptions", "pods"],
          subResource: "exec",
        }),
      ).toEqual(untouched);
    }
  });

  it("what is no review gets a status that says why", async () => {
    const empty = await lab.post("/mutate", "");
    expect(empty).toMatchObject({ status: 400 });
    for (const body of [
      "{",
      "[]",
      "null",
      '{"kind":"AdmissionReview"}',
      Buffer.from([0xff, 0xfe, 0, 1]),
      "[".repeat(100_000),
    ]) {
      const reply = await lab.post("/validate", body);
      expect(reply.status).toBe(400);
      expect(reply.text).toMatch(/\w/);
    }
    const old = { ...review({}), apiVersion: "admission.k8s.io/v1beta1" };
    expect((await lab.post("/mutate", old)).text).toContain("admissionReviewVersions: [v1]");
    expect((await lab.post("/elsewhere", review({}))).status).toBe(404);
    expect((await lab.post("/mutate", "a=1", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(
      415,
    );
  });

  it("3 MB are answered, more than two objects of the API can have are 413, and it goes on", async () => {
    const script = `go build ./... # ${"x".repeat(3_000_000)}`;
    const large = await ask("/validate/enforce", {
      object: pod({ containers: [container({ command: ["sh", "-c", script] })] }),
    });
    expect(large).toMatchObject({ allowed: true, warnings: [expect.stringContaining("too large")] });
    const deep = `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"${uid}","operation":"CREATE","kind":{"group":"","version":"v1","kind":"Pod"},"object":{"spec":${'{"a":'.repeat(500_000)}1${"}".repeat(500_000)}}}}`;
    expect(responseOf(await lab.post("/validate/enforce", deep)).allowed).toBe(true);
    expect((await lab.post("/validate", Buffer.alloc(9 * 1024 * 1024, "x"))).status).toBe(413);
    expect(
      (await lab.post("/validate", "", { "content-length": "99999999999" }).catch(() => ({ status: 413 }))).status,
    ).toBe(413);
    expect(await ask("/mutate", { object: pod(building) })).toEqual({ uid, allowed: true });
  });

  it("half requests, half handshakes and a thousand idle connections do not keep a review waiting", async () => {
    const idle: Socket[] = [];
    for (let count = 0; count < 1000; count += 1) {
      const socket = connectPlain({ host: "127.0.0.1", port: lab.port });
      socket.on("error", () => undefined);
      idle.push(socket);
    }
    const secure = connect({ host: "127.0.0.1", port: lab.port, ca: lab.authority, servername: "localhost" });
    await new Promise<void>((resolve) => secure.once("secureConnect", () => resolve()));
    secure.write("POST /mutate HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{");
    const ended = new Promise<string>((resolve) => {
      const slow = connect({ host: "127.0.0.1", port: lab.port, ca: lab.authority, servername: "localhost" });
      let text = "";
      slow.on("error", () => undefined);
      slow.on("data", (chunk) => {
        text += chunk;
      });
      slow.once("close", () => resolve(text));
      slow.write("POST /mutate HTTP/1.1\r\nx-slow: ");
    });
    expect(await ask("/mutate", { object: pod(building) })).toEqual({ uid, allowed: true });
    expect(await ended).toMatch(/^HTTP\/1\.1 408 /);
    await Promise.all(
      idle.map((socket) => new Promise((resolve) => (socket.destroyed ? resolve(0) : socket.once("close", resolve)))),
    );
    secure.destroy();
  });

  it("health and metrics have a port of their own, and promtool takes the metrics", async () => {
    expect(await lab.page("/healthz")).toMatchObject({ status: 200, text: "ok\n" });
    expect(await lab.page("/readyz")).toMatchObject({ status: 200 });
    const { text } = await lab.page("/metrics");
    expect(text).toMatch(
      /^gomodcache_admission_reviews_total\{webhook="mutate",operation="CREATE",kind="Pod",result="patched"\} 1$/m,
    );
    expect(text).toMatch(/^gomodcache_admission_findings_total\{rule="kubernetes-init-leaves-root-files"\} \d+$/m);
    expect(text).toMatch(/^gomodcache_admission_refusals_total\{code="413"\} \d+$/m);
    const ends = Number(/^gomodcache_certificate_expiration_timestamp_seconds (\d+)$/m.exec(text)?.[1]);
    expect(ends * 1000 - Date.now()).toBeGreaterThan(29 * 86_400_000);
    expect(spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
      stdout: "",
    });
  });

  it("a new certificate is used without a lost review, and a broken one is told and not used", async () => {
    const before = await peerSerial(lab);
    let stop = false;
    const answers: Promise<boolean>[] = [];
    const load = (async () => {
      while (!stop) {
        const agent = new Agent({ ca: lab.authority });
        const reply = lab.post("/mutate", review({ object: pod(building) }), {}, agent);
        answers.push(reply.then(({ status }) => status === 200));
        await reply;
        agent.destroy();
      }
    })();
    lab.swap(makePair(lab.directory));
    await lab.said(/read again and is in use/);
    stop = true;
    await load;
    expect(new Set(await Promise.all(answers))).toEqual(new Set([true]));
    const after = await peerSerial(lab);
    expect(after).not.toBe(before);
    const [one, other] = [makePair(lab.directory), makePair(lab.directory)];
    lab.swap({ cert: one.cert, key: other.key });
    await lab.said(/cannot be used, so that the old one stays: .* is not the key of/);
    expect(await peerSerial(lab)).toBe(after);
    expect((await lab.page("/metrics")).text).toMatch(/^gomodcache_certificate_reloads_total\{result="broken"\} 1$/m);
  });
});

function peerSerial({ port, authority }: WebhookLab): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, ca: authority, servername: "localhost" }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

describe("the end of gomodcache webhook", () => {
  it("under load SIGTERM loses no review, and the status is 0", async () => {
    const lab = await WebhookLab.start(["--shutdown-delay", "1.5"]);
    try {
      const until = performance.now() + 1400;
      const codes = new Map<number | string, number>();
      const count = (code: number | string): void => void codes.set(code, (codes.get(code) ?? 0) + 1);
      const client = async (): Promise<void> => {
        while (performance.now() < until) {
          await lab.post("/mutate", review({ object: pod(building, asking) })).then(
            ({ status }) => count(status),
            (error: NodeJS.ErrnoException) => count(error.code ?? error.message),
          );
        }
      };
      const clients = Promise.all(Array.from({ length: 8 }, client));
      const status = lab.terminate();
      await lab.said(/ending/);
      expect((await lab.page("/readyz")).status).toBe(503);
      await clients;
      expect([...codes.keys()]).toEqual([200]);
      expect(codes.get(200)).toBeGreaterThan(8);
      expect(await status).toBe(0);
    } finally {
      await lab.stop();
    }
  });

  it("a review that is half sent when it ends is answered, and one that never comes does not hold it", async () => {
    const lab = await WebhookLab.start(["--shutdown-delay", "0.1"]);
    try {
      const body = JSON.stringify(review({ object: pod(building, asking) }));
      const send = (): Socket => {
        const socket = connect({ host: "127.0.0.1", port: lab.port, ca: lab.authority, servername: "localhost" });
        socket.on("error", () => undefined);
        socket.write(
          `POST /mutate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 100)}`,
        );
        return socket;
      };
      const late = send();
      const never = send();
      let text = "";
      late.on("data", (chunk) => {
        text += chunk;
      });
      while (!/in_flight 2$/m.test((await lab.page("/metrics")).text))
        await new Promise((resolve) => setTimeout(resolve, 20));
      const began = performance.now();
      const status = lab.terminate();
      await lab.said(/ending/);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      late.write(body.slice(100));
      expect(await status).toBe(0);
      expect(performance.now() - began).toBeLessThan(20_000);
      expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
      never.destroy();
    } finally {
      await lab.stop();
    }
  });

  it("bad input ends with status 2 and says what to give", () => {
    const run = (...args: string[]) =>
      spawnSync(executable, [...before, "webhook", ...args], {
        encoding: "utf8",
      });
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining("--tls-cert") });
    const absent = run("--tls-cert", "/nonexistent/tls.crt", "--tls-key", "/nonexistent/tls.key");
    expect(absent).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("/nonexistent/tls.crt cannot be read (ENOENT)"),
    });
    const wrong = run("--tls-cert", "/etc/passwd", "--tls-key", "/etc/passwd");
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining("is no certificate in PEM") });
    expect(run("--tls-cert", "a", "--tls-key", "b", "--port", "99999").status).toBe(2);
  });
});

describe("who may ask", () => {
  it("with --client-ca nobody without a certificate of it is answered", async () => {
    const first = await WebhookLab.start();
    const lab = await WebhookLab.start(["--client-ca", `${first.directory}/ca.crt`]);
    try {
      await expect(lab.post("/mutate", review({}))).rejects.toThrow();
      const { cert, key } = makePair(first.directory, "kube-apiserver");
      const agent = new Agent({ ca: lab.authority, cert, key });
      expect((await lab.post("/mutate", review({}), {}, agent)).status).toBe(200);
      agent.destroy();
    } finally {
      await Promise.all([lab.stop(), first.stop()]);
    }
  });
});

describeWithCollector("traces of gomodcache webhook", () => {
  it("a review is a span of the API server's trace, and a receiver that is gone holds nothing up", async () => {
    const collector = await Collector.start();
    const lab = await WebhookLab.start(["--shutdown-delay", "0"], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    try {
      const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
      const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
      await lab.post("/validate", review({ object: pod(faulty) }), headers);
      await lab.post("/validate", review({ object: pod(faulty) }), {
        traceparent: `00-${traceId}-00f067aa0ba902b7-00`,
      });
      expect(await lab.terminate()).toBe(0);
      const { spans } = collector.take();
      expect(spans).toHaveLength(1);
      expect(spans[0]).toMatchObject({ traceId, parentSpanId: "00f067aa0ba902b7", name: "POST /validate", kind: 2 });
      expect(plain(spans[0]?.attributes)).toMatchObject({
        "gomodcache.admission.result": "warned",
        "gomodcache.admission.uid": uid,
        "k8s.namespace.name": "builds",
      });
    } finally {
      await Promise.all([lab.stop(), collector.stop()]);
    }
  });
});
