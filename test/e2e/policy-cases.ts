// What the policies and lint are both asked about, and how.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { parseAllDocuments, type ScalarTag, type Tags } from "yaml";
import { lint } from "../../src/lint/run.ts";
import { runTool } from "./tools.ts";

export const policies = fileURLToPath(new URL("../../policy/rego", import.meta.url));

/** `rule severity message` of each finding, once and in order. */
const told = (findings: readonly { rule: string; severity: string; message: string }[]): string[] =>
  [...new Set(findings.map(({ rule, severity, message }) => `${rule} ${severity} ${message}`))].sort();

/** What the kubernetes rules of lint say; undefined if it cannot read the text. */
export function lintSays(text: string): string[] | undefined {
  const { findings, skipped } = lint([{ path: "deploy/pod.yaml", text }]);
  return skipped.length > 0 ? undefined : told(findings.filter(({ rule }) => rule.startsWith("kubernetes-")));
}

/** go.yaml.in/yaml reads the octal numbers of YAML 1.2 too. */
const octal: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^0o[0-7]+$/,
  resolve: (text) => Number.parseInt(text.slice(2), 8),
};

/** The objects of a text, as Kubernetes reads YAML: version 1.1, with octal numbers and merge keys. */
export function objectsOf(text: string): unknown[] {
  const customTags: Tags = [octal];
  const documents = parseAllDocuments(text, { version: "1.1", uniqueKeys: false, logLevel: "silent", customTags });
  return [...documents].map((document) => document.toJS());
}

/**
 * What the policies say about each list of objects: one opa for all.
 * @param query of the document that opa evaluates for each object as its input
 */
export function policiesSay(cases: readonly (readonly unknown[])[], query = "data.gomodcache.findings"): string[][] {
  const directory = mkdtempSync(join(tmpdir(), "policies-"));
  try {
    const data = Object.fromEntries(
      cases.flatMap((objects, at) => objects.map((object, part) => [`${at}/${part}`, object])),
    );
    writeFileSync(join(directory, "cases.json"), JSON.stringify({ cases: data }));
    writeFileSync(
      join(directory, "ask.rego"),
      `package asked\nanswers[name] := found if {\n\tsome name, one in data.cases\n\tfound := ${query} with input as one\n}\n`,
    );
    const { status, stdout, stderr } = runTool("opa", [
      "eval",
      ...["-d", policies, "-d", join(directory, "cases.json"), "-d", join(directory, "ask.rego")],
      ...["-f", "raw", "data.asked.answers"],
    ]);
    if (status !== 0) throw new Error(stderr + stdout);
    const answers: Record<string, { rule: string; severity: string; message: string }[]> = JSON.parse(stdout);
    return cases.map((objects, at) => told(objects.flatMap((_, part) => answers[`${at}/${part}`] ?? [])));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const plain = [
  "go mod download",
  "go mod download -x all",
  "go mod download example.com/x@v1",
  "cd /src && go build ./...",
  "go test ./...; go clean -modcache",
  "go install example.com/x@v1 && chown -R 1001:1001 /go/pkg/mod",
  "chown -R 1001:1001 /cache && chmod -R u+rwx,g+rx,o= /cache",
  "umask 002\n# all\ngo get example.com/x",
  "export GOCACHE=/cache/b GOMODCACHE=/go/pkg/mod; go vet",
  'mkdir -p "$GOMODCACHE" && exec go -C /src run .',
  "GOFLAGS=-mod=mod GOCACHE=/tmp/c go build -mod=vendor",
  "chmod -R a+rwX $GOMODCACHE",
  "cp -r /seed/. /go/pkg/mod",
  "gomodcache fix --cache-dir /go/pkg/mod",
  "go list -m all",
  "go list ./... || make",
  "ls",
];
const opaque = [
  "if true; then go get example.com/x; fi",
  "go build ./... > /dev/null 2>&1",
  "sudo -u app go get example.com/x",
  "for d in a b; do (cd $d && go test ./...); done",
  'sh -c "go get example.com/x"',
  "go get $(cat list)",
  "chown -R `id -u` /go/pkg/mod",
  "go build 'a b'",
  "env A=b go build",
  "cat <<EOF\ngo get x\nEOF\n",
  "find /cache -exec chown 1001 {} +",
  "case $A in a) go build ;; esac",
  "chown -R 1001 /cache/*",
];
const words = [
  ["go", "build", "./..."],
  ["go", "get", "example.com/x"],
  ["/usr/local/go/bin/go", "install", "example.com/x@v1"],
  ["chown", "-hR", "1001:1001", "/cache"],
  ["chown", "0", "/go/pkg/mod"],
  ["/opt/build.sh"],
  ["gomodcache-init", "--cache-dir", "/cache"],
  ["cp", "-r", "/seed", "$(GOMODCACHE)/x"],
];

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const uid = fc.constantFrom(0, 999, 1001, 1001, 1002, 65534);
const capabilities = fc.constantFrom(["ALL"], ["CHOWN"], ["all", "CAP_FOWNER"], ["NET_RAW"], []);
const security = fc.record(
  {
    runAsUser: uid,
    runAsGroup: fc.constantFrom(0, 1001),
    runAsNonRoot: fc.boolean(),
    readOnlyRootFilesystem: fc.boolean(),
    privileged: fc.constantFrom(false, false, true),
    capabilities: fc.record({ add: capabilities, drop: capabilities }, { requiredKeys: [] }),
  },
  { requiredKeys: ["runAsUser"] },
);
const mount = fc.record(
  {
    name: fc.constantFrom("cache", "cache", "other"),
    mountPath: fc.constantFrom(
      "/go/pkg/mod",
      "/go/pkg/mod",
      "/cache",
      "/go",
      "/root/.cache/go-build",
      "/tmp",
      "/.cache/",
      "/$X",
    ),
    readOnly: fc.boolean(),
    subPath: fc.constantFrom("a", "b"),
  },
  { requiredKeys: ["name", "mountPath"] },
);
const variable = fc.constantFrom<object>(
  { name: "GOMODCACHE", value: "/cache" },
  { name: "GOMODCACHE", value: "/go/pkg/mod" },
  { name: "GOCACHE", value: "/tmp/b" },
  { name: "GOCACHE", value: "/cache/b" },
  { name: "GOCACHE", valueFrom: {} },
  { name: "HOME", value: "/tmp" },
  { name: "GOPATH", value: "/cache:/x" },
  { name: "TMPDIR", value: "/cache" },
  { name: "HOME", value: "" },
);
const image = fc.constantFrom(
  "golang:1.25",
  "golang",
  "golang:1.25",
  "docker.io/library/golang:alpine",
  "alpine:3.22",
  "gcr.io/distroless/static:nonroot",
  "example.org:5000/go:main",
  "example.org/gomodcache:latest",
  "golang@sha256:0",
);
const run = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...plain).map((script) => ({ command: ["sh", "-c", script] })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...opaque).map((script) => ({ command: ["/bin/bash", "-ec"], args: [script] })),
  },
  { weight: 2, arbitrary: fc.constantFrom(...words).map((command) => ({ command })) },
  { weight: 1, arbitrary: fc.constantFrom(...words).map((args) => ({ args })) },
  { weight: 1, arbitrary: fc.constant({}) },
);
const containers = (name: string, minLength: number): fc.Arbitrary<object[]> =>
  fc.array(
    fc
      .tuple(
        fc.record(
          {
            image,
            imagePullPolicy: fc.constantFrom("Always", "IfNotPresent"),
            securityContext: security,
            env: fc.array(variable, { maxLength: 2 }),
            envFrom: fc.constant([{ secretRef: { name: "s" } }]),
            restartPolicy: fc.constantFrom("Always", "Never"),
          },
          { requiredKeys: ["image", "securityContext"] },
        ),
        maybe(fc.array(mount, { minLength: 1, maxLength: 2 })),
        run,
        fc.boolean(),
      )
      .map(([one, mounts, what, keep]) => ({
        name: `${name}`,
        ...one,
        ...(keep || !("envFrom" in one) ? {} : { envFrom: undefined }),
        volumeMounts: mounts ?? [{ name: "cache", mountPath: "/go/pkg/mod" }],
        ...what,
      })),
    { minLength, maxLength: 2 },
  );

/** Pods about Go, with scripts that the policies can read and such that only a shell's grammar tells. */
export const drawnPods: fc.Arbitrary<object> = fc
  .record({
    init: containers("init", 0),
    main: containers("main", 1),
    spec: fc.record(
      {
        runAsUser: uid,
        runAsNonRoot: fc.boolean(),
        fsGroup: fc.constantFrom(0, 2000),
        fsGroupChangePolicy: fc.constantFrom("OnRootMismatch", "Always"),
        supplementalGroups: fc.constant([0]),
      },
      { requiredKeys: [] },
    ),
    volume: fc.constantFrom<object>(
      { emptyDir: {} },
      { emptyDir: {} },
      { emptyDir: { mode: 0o700 } },
      { emptyDir: { mode: 0o770 } },
      { emptyDir: { mode: 0o777 } },
      { hostPath: { path: "/var/cache/go" } },
      { persistentVolumeClaim: { claimName: "c" } },
    ),
  })
  .map(({ init, main, spec, volume }) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "drawn" },
    spec: {
      securityContext: spec,
      initContainers: init,
      containers: main,
      volumes: [
        { name: "cache", ...volume },
        { name: "other", emptyDir: {} },
      ],
    },
  }));

/** True if a container's script is one that only a shell's grammar tells. */
export const isOpaque = (pod: object): boolean =>
  opaque.some((script) => JSON.stringify(pod).includes(JSON.stringify(script)));
