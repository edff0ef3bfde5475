// lint over many Dockerfiles, manifests or workflows, beside grep, which only has to read them.
// Usage: tsx bench/lint.ts [FILES] [RUNS] [dockerfile|manifest|workflow]…
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { printMedians } from "./medians.ts";

const count = Number(process.argv[2] ?? 1000);
const runs = Number(process.argv[3] ?? 5);

/** 40 lines, as a service of some size has them: five stages, mounts, a user, a long RUN. */
function dockerfile(index: number): string {
  const install = Array.from({ length: 8 }, (_, n) => `    package-${n} \\`).join("\n");
  return `# syntax=docker/dockerfile:1
ARG GO=1.22
FROM --platform=$BUILDPLATFORM golang:\${GO}-bookworm AS base
RUN apt-get update && apt-get install -y --no-install-recommends \\
${install}
    git && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY go.mod go.sum ./
FROM base AS deps
RUN go mod download && go mod verify
FROM deps AS test
COPY . .
RUN go vet ./... && if [ -n "$RACE" ]; then go test -race ./...; else go test ./...; fi
FROM deps AS build
ARG TARGETOS TARGETARCH
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod \\
    --mount=type=cache,target=/root/.cache/go-build \\
    CGO_ENABLED=0 GOOS=\${TARGETOS} GOARCH=\${TARGETARCH} go build -trimpath -ldflags "-s -w" -o /out/service-${index} ./cmd/service-${index}
FROM debian:bookworm-slim
RUN useradd -u 10001 -m app${index % 10 === 0 ? "\nUSER app" : "\nUSER 10001"}
COPY --from=build /out/service-${index} /usr/local/bin/service
ENTRYPOINT ["/usr/local/bin/service"]
`;
}

/** A Job that downloads and builds in two containers, as kustomize prints it: 70 lines. */
function manifest(index: number): string {
  const container = (name: string, command: string): string => `        - name: ${name}
          image: golang:1.25-bookworm
          workingDir: /workspace
          command: ["sh", "-c"]
          args:
            - |
              set -eu
              export GOFLAGS=-mod=readonly
              ${command}
          env:
            - {name: GOMODCACHE, value: /cache/mod}
            - {name: GOCACHE, value: /cache/build}
            - {name: HOME, value: /tmp}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
          resources:
            requests: {cpu: "1", memory: 1Gi}
          volumeMounts:
            - {name: cache, mountPath: /cache}
            - {name: work, mountPath: /workspace}
            - {name: tmp, mountPath: /tmp}
`;
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: build-${index}
  labels: {app: service-${index}}
spec:
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
      securityContext:
        runAsUser: ${index % 10 === 0 ? 0 : 1001}
        runAsGroup: 1001
        runAsNonRoot: true
      initContainers:
${container("download", "go mod download")}      containers:
${container("build", `go build -o /tmp/service ./cmd/service-${index}`)}      volumes:
        - name: cache
          persistentVolumeClaim: {claimName: go-cache}
        - name: work
          emptyDir: {}
        - name: tmp
          emptyDir: {}
`;
}

/** Three jobs, one of them with a matrix: 70 lines. */
function workflow(index: number): string {
  const job = (name: string, steps: string): string => `  ${name}:
    runs-on: \${{ matrix.os || 'ubuntu-latest' }}
    timeout-minutes: 20
    strategy:
      matrix:
        os: [ubuntu-latest, macos-latest]
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}
      - uses: actions/setup-go@v5
        with:
          go-version-file: go.mod
${steps}`;
  const cached = "      - uses: actions/cache@v4\n        with: {path: ~/go/pkg/mod, key: mod}\n";
  return `name: service-${index}
on:
  push: {branches: [main]}
  pull_request:
permissions: {contents: read}
env:
  GOFLAGS: -mod=readonly
jobs:
${job("test", `${index % 10 === 0 ? cached : ""}      - run: |\n          go vet ./...\n          if [ -n "$RACE" ]; then go test -race ./...; else go test ./...; fi\n`)}
${job("lint", "      - uses: golangci/golangci-lint-action@v6\n        with: {version: v1.64}\n")}
${job("build", `      - run: go build -ldflags "-X main.version=\${{ github.sha }}" -o dist/ ./cmd/service-${index}\n      - uses: actions/upload-artifact@v4\n        with: {name: dist, path: dist/}\n`)}`;
}

const kinds: Readonly<
  Record<string, { name: string; text: (index: number) => string; path: (index: number) => string }>
> = {
  dockerfile: { name: "Dockerfiles", text: dockerfile, path: (index) => `service-${index}/Dockerfile` },
  manifest: { name: "manifests", text: manifest, path: (index) => `deploy/service-${index}/job.yaml` },
  workflow: { name: "workflows", text: workflow, path: (index) => `.github/workflows/service-${index}.yml` },
};
const asked = process.argv.slice(4);
for (const name of asked.length > 0 ? asked : Object.keys(kinds)) measure(name);

function measure(kind: string): void {
  const files = kinds[kind];
  if (files === undefined) throw new Error(`unknown: ${kind}`);
  const directory = mkdtempSync(join(tmpdir(), "gomodcache-bench-lint-"));
  try {
    for (let index = 0; index < count; index += 1) {
      const at = join(directory, files.path(index));
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, files.text(index));
    }
    for (const args of [
      ["init", "-q"],
      ["add", "-A"],
    ])
      if (spawnSync("git", args, { cwd: directory }).status !== 0) throw new Error("git failed");
    const program = join(process.cwd(), "dist/cli.js");
    console.log(`${count} ${files.name} of ${files.text(0).length} bytes`);
    printMedians(
      {
        "git ls-files | xargs grep -c go": ["sh", "-c", "git ls-files -z | xargs -0 grep -c go"],
        "node -e ''": [process.execPath, "-e", ""],
        "gomodcache lint": [process.execPath, program, "lint", "-q", "--exit-zero"],
      },
      runs,
      ([name, ...args]) => {
        const began = performance.now();
        const { status } = spawnSync(name as string, args, { cwd: directory, stdio: "ignore" });
        if (status !== 0) throw new Error(`${name} failed`);
        return performance.now() - began;
      },
    );
    // What it costs whatever else the machine does.
    const timed = 'TIMEFORMAT="%U s user, %S s system"; time "$0" "$@" >/dev/null';
    const argv = [process.execPath, program, "lint", "-q", "--exit-zero"];
    const { stderr } = spawnSync("bash", ["-c", timed, ...argv], { cwd: directory, encoding: "utf8" });
    console.log(`gomodcache lint, processor time: ${stderr.trim()}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
