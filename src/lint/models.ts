// From a file to the model that its rules look at.
import { type Attributes, readAttributes } from "./attributes.ts";
import { type ComposeFile, readCompose } from "./compose/model.ts";
import { type Devcontainer, readDevcontainer } from "./devcontainer/model.ts";
import { type Dockerfile, readDockerfile } from "./dockerfile/model.ts";
import type { LintFile } from "./file.ts";
import { readWorkflow, type Workflow } from "./github/model.ts";
import { type Pipeline, readPipeline } from "./gitlab/model.ts";
import { type KubernetesFile, readKubernetes } from "./kubernetes/model.ts";
import type { Unreadable } from "./model.ts";
import type { Repository } from "./repository.ts";
import { readShellFile, type ShellFile } from "./shell/file.ts";
import { readTekton } from "./tekton/model.ts";

/** The model of each kind. `repository` is no file: it is what git says about all of them. */
export interface Models {
  dockerfile: Dockerfile;
  shell: ShellFile;
  gitattributes: Attributes;
  kubernetes: KubernetesFile;
  tekton: KubernetesFile;
  "github-workflow": Workflow;
  "gitlab-ci": Pipeline;
  compose: ComposeFile;
  devcontainer: Devcontainer;
  repository: Repository;
}

/** Every kind of file that sets variables of go or runs commands. */
export type SettingKind = Exclude<keyof Models, "gitattributes" | "repository">;

export const settingKinds: readonly SettingKind[] = [
  "dockerfile",
  "shell",
  "kubernetes",
  "tekton",
  "github-workflow",
  "gitlab-ci",
  "compose",
  "devcontainer",
];

type Reader<M> = (file: LintFile) => M | Unreadable;

const readers: { readonly [K in Exclude<keyof Models, "repository">]: Reader<Models[K]> } = {
  dockerfile: readDockerfile,
  shell: readShellFile,
  gitattributes: readAttributes,
  kubernetes: readKubernetes,
  tekton: readTekton,
  "github-workflow": readWorkflow,
  "gitlab-ci": readPipeline,
  compose: readCompose,
  devcontainer: readDevcontainer,
};

export type ReadableKind = keyof typeof readers;

export function readModel(kind: ReadableKind, file: LintFile): Models[ReadableKind] | Unreadable {
  return readers[kind](file);
}
