// Whatever is sent gets an answer; what is patched stays a pod, and is patched once.
import fc from "fast-check";
import jsonPatch from "fast-json-patch";
import { expect, it } from "vitest";
import { type AdmissionSettings, admit } from "../../src/admission/admit.ts";
import { type JsonObject, objectsOf, own } from "../../src/admission/json.ts";
import { Malformed, type Review, readReview, writeAnswer } from "../../src/admission/review.ts";
import { routeOf } from "../../src/admission/route.ts";
import { asPod } from "../../src/admission/shape.ts";
import { container, faulty, pod, review, uid, workload } from "../cluster/reviews.ts";
import { pods } from "./json-values.ts";

const settings: AdmissionSettings = { mode: "warn", failOn: "error", excluded: new Set(["kube-system"]) };
const paths = ["/mutate", "/mutate/namespace", "/validate", "/validate/enforce", "/validate/warn/namespace"];

function reviewOf(value: unknown): Review {
  const read = readReview(value);
  if (read instanceof Malformed) throw new Error(read.reason);
  return read;
}

function ask(path: string, asked: Parameters<typeof review>[0], more: Partial<AdmissionSettings> = {}) {
  const route = routeOf(path);
  if (route === undefined) throw new Error(`no route ${path}`);
  return admit(reviewOf(review(asked)), route, { ...settings, ...more });
}

it("any JSON is read as a review or refused with a reason", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const read = readReview(value);
      expect(read instanceof Malformed ? read.reason : read.uid).not.toBe("");
    }),
  );
});

it("any object of any kind gets an answer within the API's limits, and none is denied in the mode warn", () => {
  const kinds = fc.constantFrom("Pod", "Job", "Deployment", "CronJob", "Secret", "constructor", "");
  const groups = fc.constantFrom("", "apps", "batch");
  const object = fc.oneof(pods, fc.jsonValue()) as fc.Arbitrary<JsonObject>;
  const operations = fc.constantFrom("CREATE", "UPDATE", "DELETE", "CONNECT", "PATCH");
  fc.assert(
    fc.property(
      object,
      object,
      kinds,
      groups,
      operations,
      fc.constantFrom(...paths),
      (one, other, kind, group, operation, path) => {
        const answer = ask(path, { object: one, oldObject: other, kind: [group, "v1", kind, "x"], operation });
        if (path !== "/validate/enforce") expect(answer.allowed).toBe(true);
        expect(answer.result).not.toBe("failed");
        for (const warning of answer.warnings ?? []) {
          expect(warning.length).toBeLessThanOrEqual(256);
          expect(warning).not.toMatch(/\p{Cc}/u);
        }
        expect((answer.warnings ?? []).join("").length).toBeLessThanOrEqual(4096);
        expect(JSON.parse(writeAnswer(uid, answer)).response.uid).toBe(uid);
      },
    ),
    { numRuns: 2000 },
  );
});

it("a patch applies, leaves a pod whose mounts and variables are as Kubernetes takes them, and is the last one", () => {
  let patched = 0;
  fc.assert(
    fc.property(pods, fc.boolean(), (object, byNamespace) => {
      const path = byNamespace ? "/mutate/namespace" : "/mutate";
      const before = JSON.stringify(object);
      const { patch = [] } = ask(path, { object });
      expect(JSON.stringify(object)).toBe(before);
      if (patch.length === 0) return;
      patched += 1;
      const after = jsonPatch.applyPatch(
        structuredClone(object),
        structuredClone([...patch]) as jsonPatch.Operation[],
        true,
        true,
        false,
      ).newDocument as JsonObject;
      wellFormed(after, object);
      expect(ask(path, { object: after }).patch ?? []).toEqual([]);
    }),
    { numRuns: 3000 },
  );
  expect(patched).toBeGreaterThan(500);
});

/** What the API server checks of what a patch may have added (pkg/apis/core/validation), unless it was wrong before. */
function wellFormed(after: JsonObject, before: JsonObject): void {
  const whole = asPod(after);
  expect(whole).toBeDefined();
  const spec = whole?.spec ?? {};
  const volumes = objectsOf(own(spec, "volumes")).map((one) => own(one, "name"));
  const fresh = (list: unknown[], old: unknown[]): unknown[] => list.slice(old.length);
  const was = asPod(before)?.spec ?? {};
  for (const list of ["containers", "initContainers"]) {
    const [now, old] = [objectsOf(own(spec, list)), objectsOf(own(was, list))];
    for (const [index, one] of now.entries()) {
      const previous = old[index - (now.length - old.length)] ?? {};
      const mountsOf = (container: unknown) => objectsOf(own(container, "volumeMounts"));
      const added = fresh(mountsOf(one), mountsOf(previous)) as JsonObject[];
      for (const mount of added) {
        expect(volumes).toContain(mount["name"]);
        expect(mount["mountPath"]).toMatch(/^\/[^:]*$/);
        expect(mountsOf(one).filter((other) => other["mountPath"] === mount["mountPath"])).toHaveLength(1);
      }
      const namesOf = (container: unknown) => objectsOf(own(container, "env")).map((variable) => own(variable, "name"));
      for (const name of fresh(namesOf(one), namesOf(previous)))
        expect(namesOf(one).filter((other) => other === name)).toHaveLength(1);
    }
  }
  const added = fresh(volumes, objectsOf(own(was, "volumes")));
  for (const name of added) expect(volumes.filter((other) => other === name)).toHaveLength(1);
}

const asking = (more: JsonObject = {}): JsonObject => ({ "gomodcache.dev/inject": "true", ...more });
const go = container({ command: ["go", "test", "./..."] });

it("a pod is injected by its annotation, its label or its namespace; false wins", () => {
  const patched = (path: string, annotations: JsonObject, labels: JsonObject = {}): boolean =>
    ask(path, { object: pod({ containers: [go] }, annotations, labels) }).result === "patched";
  expect(patched("/mutate", {})).toBe(false);
  expect(patched("/mutate", asking())).toBe(true);
  expect(patched("/mutate", {}, asking())).toBe(true);
  expect(patched("/mutate/namespace", {})).toBe(true);
  expect(patched("/mutate/namespace", { "gomodcache.dev/inject": "false" })).toBe(false);
  expect(patched("/mutate", asking(), { "gomodcache.dev/inject": "false" })).toBe(false);
});

it("what cannot be done is said, and the pod is let in as it is", () => {
  const told = (annotations: JsonObject, one = go): string => {
    const {
      allowed,
      patch = [],
      warnings = [],
    } = ask("/mutate", { object: pod({ containers: [one] }, asking(annotations)) });
    expect([allowed, patch]).toEqual([true, []]);
    return warnings.join();
  };
  expect(told({ "gomodcache.dev/uid": "0" })).toContain("not root");
  expect(told({ "gomodcache.dev/uid": "4294967296" })).toContain("2147483647");
  expect(told({ "gomodcache.dev/cache-dir": "/" })).toContain("cache-dir");
  expect(told({ "gomodcache.dev/cache-dir": "/usr/local/go" })).toContain("cache-dir");
  expect(told({ "gomodcache.dev/build-cache-dir": "/var/cache/gomodcache/b" })).toContain("build-cache-dir");
  expect(told({ "gomodcache.dev/variant": "both" })).toContain("same-uid, group, init");
  expect(told({ "gomodcache.dev/variant": "init" })).toContain("gomodcache.dev/uid");
  expect(told({}, container({ image: "registry.example.com/ci:1" }))).toContain("gomodcache.dev/containers");
  expect(told({ "gomodcache.dev/containers": "other" })).toContain('no container "other"');
});

it("a pod of an asking namespace that has nothing to do with go gets no word", () => {
  const object = pod({ containers: [container({ image: "nginx:1", command: ["nginx"] })] });
  expect(ask("/mutate/namespace", { object })).toEqual({
    allowed: true,
    patch: [],
    warnings: [],
    result: "unchanged",
    rules: [],
  });
});

it("mirror pods and pods for Windows are left alone", () => {
  expect(
    ask("/mutate", { object: pod({ containers: [go] }, asking({ "kubernetes.io/config.mirror": "x" })) }).result,
  ).toBe("skipped");
  expect(
    ask("/mutate", { object: pod({ containers: [go], os: { name: "windows" } }, asking()) }).patch,
  ).toBeUndefined();
});

it("a template that asks is judged as its pods will be", () => {
  const readOnly = container({ command: ["go", "build", "./..."], securityContext: { readOnlyRootFilesystem: true } });
  const kind = ["apps", "v1", "Deployment", "deployments"] as const;
  const rules = (annotations: JsonObject, path = "/validate") =>
    ask(path, { kind, object: workload("Deployment", pod({ containers: [readOnly] }, annotations)) }).rules;
  expect(rules({})).toEqual(["kubernetes-read-only-root-without-cache"]);
  expect(rules(asking())).toEqual([]);
  expect(rules({}, "/validate/namespace")).toEqual([]);
  const wrong = ask("/validate", {
    kind,
    object: workload("Deployment", pod({ containers: [go] }, asking({ "gomodcache.dev/uid": "root" }))),
  });
  expect(wrong.warnings?.join()).toContain("gomodcache.dev/uid");
});

it("only what reaches --fail-on is denied, and the rest is told beside it", () => {
  const host = { ...faulty, volumes: [{ name: "cache", hostPath: { path: "/srv" } }] };
  const denied = ask("/validate/enforce", { object: pod(host) });
  expect(denied.allowed).toBe(false);
  expect(denied.message).not.toContain("kubernetes-host-path-cache");
  expect(denied.warnings?.join()).toContain("kubernetes-host-path-cache");
  expect(ask("/validate/enforce", { object: pod(host) }, { failOn: "warning" }).message).toContain(
    "kubernetes-host-path-cache",
  );
});

it("an exemption needs a reason and a rule that there is", () => {
  const told = (annotations: JsonObject) => ask("/validate/enforce", { object: pod(faulty, annotations) });
  const rule = "ignore.gomodcache.dev/kubernetes-init-leaves-root-files";
  expect(told({ [rule]: "prepared elsewhere" })).toMatchObject({ allowed: true });
  expect(told({ [rule]: " " })).toMatchObject({ allowed: false, warnings: [expect.stringContaining("no reason")] });
  expect(told({ "ignore.gomodcache.dev/no-such-rule": "x" }).warnings?.join()).toContain("no such rule");
});

it.each([
  ["long", "go build;".repeat(20_000)],
  ["nested", `${"$(".repeat(80_000)} go`],
  ["quoted", `${'"$(`'.repeat(50_000)} go`],
])("a script that would keep others waiting is not read: %s", (_, script) => {
  const object = pod({ containers: [container({ image: "ci", command: ["sh", "-c", script] })] }, asking());
  expect(ask("/validate/enforce", { object })).toMatchObject({
    allowed: true,
    warnings: [expect.stringContaining("not judged")],
  });
  expect(ask("/mutate", { object })).toMatchObject({
    allowed: true,
    warnings: [expect.stringContaining("nothing is injected")],
  });
  expect(
    ask("/mutate/namespace", {
      object: pod({ containers: [container({ image: "ci", command: ["sh", "-c", script] })] }),
    }).warnings,
  ).toEqual([]);
});

it("a large pod that has nothing to do with go gets no word", () => {
  const object = pod({ containers: [container({ image: "nginx", command: ["nginx", "x".repeat(1_000_000)] })] });
  expect(ask("/validate/enforce", { object })).toMatchObject({ result: "passed", warnings: [] });
});

it("too many warnings are cut, with how many are left", () => {
  const annotations = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`ignore.gomodcache.dev/${"x".repeat(60)}${index}`, "why"]),
  );
  const { warnings = [] } = ask("/validate", { object: pod(faulty, annotations) });
  expect(warnings.at(-1)).toMatch(/^gomodcache: \d+ more$/);
  expect(warnings.join("").length).toBeLessThanOrEqual(4096);
});
