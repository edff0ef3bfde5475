import { expect, it } from "vitest";
import { couldMatter, kindOf } from "../../src/lint/file.ts";

it.each([
  ["Dockerfile", "", "dockerfile"],
  ["build/Dockerfile.dev", "", "dockerfile"],
  ["dev.Dockerfile", "", "dockerfile"],
  ["Containerfile", "", "dockerfile"],
  ["api.containerfile", "", "dockerfile"],
  ["Dockerfile.dockerignore", "", undefined],
  ["Dockerfile.tmpl", "", undefined],
  ["docs/dockerfile.md", "", undefined],
  ["a/.gitattributes", "", "gitattributes"],
  ["x.sh", "", "shell"],
  ["hack/build", "#!/usr/bin/env bash\n", "shell"],
  ["hack/build", "#!/bin/sh -eu\n", "shell"],
  ["hack/build", "#!/usr/bin/env python3\n", undefined],
  ["k8s/pod.yaml", "apiVersion: v1\nkind: Pod\n", "kubernetes"],
  ["list.yml", "- apiVersion: v1\n  kind: Pod\n", "kubernetes"],
  ["task.yaml", "apiVersion: tekton.dev/v1\nkind: Task\n", "tekton"],
  ["values.yaml", "image: x\n", undefined],
  [".github/workflows/ci.yml", "on: push\n", "github-workflow"],
  ["action.yml", "name: x\nruns:\n  using: composite\n", "github-workflow"],
  [".github/actions/go/action.yaml", "\ufeff'runs': {using: node20}\n", "github-workflow"],
  ["plays/action.yml", "- name: x\n  runs: 1\n", undefined],
  ["plays/reaction.yml", "runs:\n  using: composite\n", undefined],
  [".gitlab-ci.yml", "", "gitlab-ci"],
  ["compose.dev.yaml", "", "compose"],
  ["docker-compose.yml", "", "compose"],
  [".devcontainer/devcontainer.json", "{}", "devcontainer"],
])("%s %j is %s", (path, text, kind) => {
  expect(kindOf({ path, text })).toBe(kind);
  if (kind !== undefined) expect(couldMatter(path, true)).toBe(true);
});

it("does not even open what cannot matter", () => {
  for (const path of ["main.go", "go.sum", "README.md", "image.png"]) expect(couldMatter(path, true)).toBe(false);
  expect(couldMatter("hack/build", false)).toBe(false);
});
