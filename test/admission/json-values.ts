// Pods as fast-check draws them: nearly right ones, with junk in places.
import fc from "fast-check";
import type { JsonObject } from "../../src/admission/json.ts";

const name = fc.constantFrom(
  "build",
  "download",
  "a",
  "gomodcache",
  "gocache",
  "gotmp",
  "gomodcache-hand-over",
  "__proto__",
);
const path = fc.constantFrom(
  "/cache",
  "/var/cache",
  "/var/cache/gomodcache",
  "/var/cache/go-build/",
  "/",
  "/tmp",
  "relative",
  "/a:b",
  "$(X)",
);
const words = fc.array(
  fc.constantFrom(
    "sh",
    "bash",
    "-c",
    "-ec",
    "go",
    "build",
    "./...",
    "go build",
    "umask 022\ngo test",
    "$(go env)",
    "$(NAME)",
    "it's",
    "",
    "-x",
  ),
  { maxLength: 4 },
);
const junk = fc.jsonValue({ maxDepth: 2 });
const often = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { arbitrary: value, weight: 400 },
    { arbitrary: junk, weight: 1 },
    { arbitrary: fc.constant(null), weight: 3 },
  );
const some = (fields: Record<string, fc.Arbitrary<unknown>>, required: string[] = []): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, often(value)])), {
    requiredKeys: required,
  });
const list = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.array(often(item), { maxLength: 3 });

const context = some({
  runAsUser: fc.constantFrom(0, 1001, 2002),
  runAsGroup: fc.constantFrom(0, 1001),
  runAsNonRoot: fc.boolean(),
  readOnlyRootFilesystem: fc.boolean(),
});
const container = some(
  {
    name,
    image: fc.constantFrom("golang:1.26", "busybox", "registry.example.com/gomodcache:1"),
    command: words,
    args: words,
    env: list(some({ name: fc.constantFrom("GOMODCACHE", "GOCACHE", "GOPATH", "TMPDIR", "X"), value: path }, ["name"])),
    envFrom: fc.constant([{ configMapRef: { name: "x" } }]),
    volumeMounts: list(some({ name, mountPath: path, readOnly: fc.boolean() }, ["name", "mountPath"])),
    securityContext: context,
  },
  ["name"],
);

const annotation = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: value, weight: 20 }, { arbitrary: fc.string(), weight: 1 });
const annotations = some({
  "gomodcache.dev/inject": annotation(fc.constant("true")),
  "gomodcache.dev/variant": annotation(fc.constantFrom("same-uid", "group", "init")),
  "gomodcache.dev/uid": annotation(fc.constantFrom("1001", "2002")),
  "gomodcache.dev/gid": annotation(fc.constantFrom("1001", "3000")),
  "gomodcache.dev/cache-dir": annotation(fc.constantFrom("/cache", "/var/cache/go-mod", "/tmp/mod", "/tmp")),
  "gomodcache.dev/containers": annotation(fc.constantFrom("build", "build, download", "nobody")),
  "ignore.gomodcache.dev/kubernetes-host-path-cache": fc.string(),
});

/** A pod, or what is nearly one. */
export const pods = fc.record({
  apiVersion: fc.constant("v1"),
  kind: fc.constant("Pod"),
  metadata: often(some({ annotations, labels: some({ app: name }), generateName: name })),
  spec: often(
    some(
      {
        containers: fc.array(container, { minLength: 1, maxLength: 3 }),
        initContainers: list(container),
        volumes: list(some({ name, emptyDir: fc.constant({}) }, ["name"])),
        securityContext: context,
      },
      ["containers"],
    ),
  ),
}) as unknown as fc.Arbitrary<JsonObject>;
