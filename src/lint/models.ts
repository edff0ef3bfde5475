// From a file to the model that its rules look at. A kind is known here once there is a rule for it.
import { type Attributes, readAttributes } from "./attributes.ts";
import { type Dockerfile, readDockerfile } from "./dockerfile/model.ts";
import type { FileKind, LintFile } from "./file.ts";
import { type KubernetesFile, readKubernetes } from "./kubernetes/model.ts";
import type { Unreadable } from "./model.ts";
import type { Repository } from "./repository.ts";
import { readShellFile, type ShellFile } from "./shell/file.ts";

/** The model of each kind. `repository` is no file: it is what git says about all of them. */
export interface Models {
  dockerfile: Dockerfile;
  shell: ShellFile;
  gitattributes: Attributes;
  kubernetes: KubernetesFile;
  repository: Repository;
}

type Reader<M> = (file: LintFile) => M | Unreadable;

const readers: { readonly [K in Exclude<keyof Models, "repository">]: Reader<Models[K]> } = {
  dockerfile: readDockerfile,
  shell: readShellFile,
  gitattributes: readAttributes,
  kubernetes: readKubernetes,
};

export type ReadableKind = keyof typeof readers;

export function isReadable(kind: FileKind): kind is Extract<FileKind, ReadableKind> {
  return Object.hasOwn(readers, kind);
}

export function readModel(kind: ReadableKind, file: LintFile): Models[ReadableKind] | Unreadable {
  return readers[kind](file);
}
