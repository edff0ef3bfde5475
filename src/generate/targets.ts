// Every target of `generate`, those that people need most first.
import type { Target } from "./target.ts";
import { argoWorkflow } from "./targets/argo-workflow.ts";
import { compose } from "./targets/compose.ts";
import { devcontainer } from "./targets/devcontainer.ts";
import { dockerfile } from "./targets/dockerfile.ts";
import { gitattributes } from "./targets/gitattributes.ts";
import { githubActions } from "./targets/github-actions.ts";
import { gitlabCi } from "./targets/gitlab-ci.ts";
import { kubernetesJob } from "./targets/kubernetes-job.ts";
import { kustomizeComponent } from "./targets/kustomize-component.ts";
import { preCommit } from "./targets/pre-commit.ts";
import { systemdUnit } from "./targets/systemd-unit.ts";
import { tektonPipeline } from "./targets/tekton-pipeline.ts";
import { tektonTask } from "./targets/tekton-task.ts";
import { tmpfiles } from "./targets/tmpfiles.ts";

export const targets: readonly Target[] = [
  dockerfile,
  kubernetesJob,
  githubActions,
  gitlabCi,
  compose,
  devcontainer,
  preCommit,
  gitattributes,
  tmpfiles,
  systemdUnit,
  tektonTask,
  tektonPipeline,
  argoWorkflow,
  kustomizeComponent,
];
