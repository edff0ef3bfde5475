// A repository as a widely read article has it: a Dockerfile that changes its user back and forth, and a Job whose first step is root's.
// lint names what will fail, lint --fix corrects it, and what comes out is really built and run.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImageLab, makeImageLab, missingImageTools } from "./image-lab.ts";
import { removeLab } from "./lab.ts";
import { makePodLab, missingPodTools, type PodLab } from "./pod-lab.ts";
import { before, executable } from "./program.ts";

const reason = missingImageTools() ?? missingPodTools();

const dockerfile = `# A build that changes its user.
FROM golang:1.22
WORKDIR /src
COPY go.mod go.sum a.go ./
USER root
RUN go mod download
USER 1001
RUN go build .
USER root
RUN go build .
`;
const job = `apiVersion: batch/v1
kind: Job
metadata:
  name: build
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - name: modules # a first step of root
          image: golang:1.25
          securityContext: {runAsUser: 0}
          command: [sh, -c, "cd /src && GOCACHE=/tmp/c go mod download example.com/alpha"]
          volumeMounts: [{name: cache, mountPath: /go/pkg/mod}, {name: sources, mountPath: /src}]
      containers:
        - name: build
          image: golang:1.25
          securityContext: {runAsUser: 1001, runAsGroup: 1001}
          command: [sh, -c, "cd /src && go build ./lib && go mod download example.com/beta@v1.0.0"]
          volumeMounts: [{name: cache, mountPath: /go/pkg/mod}, {name: sources, mountPath: /src}]
      volumes:
        - {name: cache, emptyDir: {}}
        - {name: sources, configMap: {name: sources}}
`;

describe.skipIf(reason !== undefined)(`the article's repository${reason === undefined ? "" : ` (${reason})`}`, () => {
  let images: ImageLab;
  let pods: PodLab;
  let repository: string;
  const lint = (...argv: string[]) => {
    const { PATH = "" } = process.env;
    const { status, stdout, stderr } = spawnSync(executable, [...before, "lint", ...argv], {
      cwd: repository,
      encoding: "utf8",
      env: { PATH, HOME: repository, LANG: "C.UTF-8" },
    });
    return { status, stdout, stderr };
  };
  const read = (name: string): string => readFileSync(join(repository, name), "utf8");
  /** The Job's pod: podman knows no Jobs. */
  const pod = (text: string): string => {
    const at = text.indexOf("    spec:\n") + "    spec:\n".length;
    return `apiVersion: v1\nkind: Pod\nmetadata: {name: build}\nspec:\n${text.slice(at).replace(/^ {4}/gm, "")}`;
  };

  beforeAll(async () => {
    images = makeImageLab();
    pods = await makePodLab(["docker.io/library/golang:1.25"]);
    repository = join(images.directory, "repository");
    mkdirSync(repository);
    writeFileSync(join(repository, "Dockerfile"), dockerfile);
    writeFileSync(join(repository, "job.yaml"), job);
    writeFileSync(join(repository, "go.mod"), "module example.com/app\n\ngo 1.20\n");
    writeFileSync(join(repository, "go.sum"), "");
    for (const argv of [
      ["init", "-q"],
      ["add", "."],
    ])
      spawnSync("git", argv, { cwd: repository });
  }, 180_000);
  afterAll(async () => {
    removeLab(images.directory);
    await pods.remove();
  }, 120_000);

  it("fails as it is, and lint names each fault", async () => {
    expect(images.build(dockerfile, "as it is").output).toMatch(/\/\.cache.*permission denied/);
    expect(await pods.podman.play(pod(job), { sources: pods.sources })).toMatchObject({ passed: false });
    const { status, stdout } = lint("--format", "json");
    const { findings } = JSON.parse(stdout) as {
      findings: { rule: string; location: { file: string; line: number } }[];
    };
    expect(status).toBe(1);
    expect(findings.map(({ rule, location: { file, line } }) => `${file}:${line} ${rule}`)).toEqual([
      "Dockerfile:8 dockerfile-cache-not-writable",
      "job.yaml:13 kubernetes-init-leaves-root-files",
      "job.yaml:18 kubernetes-cache-not-writable",
    ]);
  }, 300_000);

  it("is built and run after lint --fix, with its comments and layout", async () => {
    const { status, stdout } = lint("--fix");
    expect(status, stdout).toBe(0);
    expect(read("Dockerfile")).toContain("# A build that changes its user.\nFROM golang:1.22\n");
    expect(read("job.yaml")).toContain("- name: modules # a first step of root\n");
    const built = images.build(read("Dockerfile"), "corrected");
    expect(built.status, `${read("Dockerfile")}${built.output}`).toBe(0);
    const played = await pods.podman.play(pod(read("job.yaml")), { sources: pods.sources });
    expect(played, read("job.yaml")).toMatchObject({ passed: true });
    expect(lint()).toMatchObject({ status: 0 });
  }, 300_000);
});
