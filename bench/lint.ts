// lint over many Dockerfiles, beside grep, which only has to read them. Usage: tsx bench/lint.ts [FILES] [RUNS]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printMedians } from "./medians.ts";

const count = Number(process.argv[2] ?? 1000);
const runs = Number(process.argv[3] ?? 5);
const directory = mkdtempSync(join(tmpdir(), "gomodcache-bench-lint-"));

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

try {
  for (let index = 0; index < count; index += 1) {
    const at = join(directory, `service-${index}`);
    mkdirSync(at);
    writeFileSync(join(at, "Dockerfile"), dockerfile(index));
  }
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
  ])
    if (spawnSync("git", args, { cwd: directory }).status !== 0) throw new Error("git failed");
  const program = join(process.cwd(), "dist/cli.js");
  console.log(`${count} Dockerfiles of ${dockerfile(0).length} bytes`);
  printMedians(
    {
      "git ls-files | xargs grep -c RUN": ["sh", "-c", "git ls-files -z | xargs -0 grep -c RUN"],
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
