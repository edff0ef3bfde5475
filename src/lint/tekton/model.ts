// Tekton's Tasks as pods: steps are containers that run one after the other, workspaces are volumes.
import type { LintFile } from "../file.ts";
import { type Container, type Mount, readContainer } from "../kubernetes/container.ts";
import {
  fileOf,
  interesting,
  type KubernetesFile,
  mostContainers,
  mostPods,
  type Pod,
  template,
  volumesOf,
} from "../kubernetes/model.ts";
import { Unreadable } from "../model.ts";
import type { Field } from "../yaml/field.ts";
import { readDocuments } from "../yaml/read.ts";

/** What Tekton puts in before anything runs; all but the paths of workspaces is not known here. */
const variables = /\$\([A-Za-z][\w-]*(?:\.|\[)[^()]*\)/g;

export function readTekton(file: LintFile): KubernetesFile | Unreadable {
  const { text } = file;
  if (!interesting.test(text)) return { file, blocks: [], pods: [], commands: [], variables: [] };
  if (template.test(text)) return new Unreadable("it is a template: lint what it becomes (helm template, …)");
  const documents = readDocuments(text);
  if (documents instanceof Unreadable) return documents;
  const pods: Pod[] = [];
  for (const document of documents) {
    for (const [spec, run] of tasksOf(document)) {
      if (pods.length >= mostPods) return new Unreadable(`it has more than ${mostPods} tasks`);
      if ((spec.get("steps")?.items().length ?? 0) > mostContainers)
        return new Unreadable(`it has a task with more than ${mostContainers} steps`);
      pods.push(podOf(spec, run, text));
    }
  }
  return fileOf(file, pods);
}

/** The specs of tasks in a document, each with the podTemplate of what runs it. */
function tasksOf(object: Field): [Field, Field | undefined][] {
  const spec = object.get("spec");
  if (spec === undefined) return [];
  const kind = object.get("kind")?.text() ?? "";
  const found = (one: Field | undefined, run?: Field): [Field, Field | undefined][] =>
    one?.get("steps") === undefined ? [] : [[one, run]];
  if (kind === "Task" || kind === "ClusterTask") return found(spec);
  if (kind === "TaskRun") return found(spec.get("taskSpec"), spec.get("podTemplate"));
  if (kind !== "Pipeline" && kind !== "PipelineRun") return [];
  const pipeline = kind === "Pipeline" ? spec : spec.get("pipelineSpec");
  const run = spec.get("podTemplate") ?? spec.get("taskRunTemplate", "podTemplate");
  return (["tasks", "finally"] as const).flatMap((list) =>
    (pipeline?.get(list)?.items() ?? []).flatMap((task) => found(task.get("taskSpec"), run)),
  );
}

function podOf(spec: Field, run: Field | undefined, text: string): Pod {
  const workspaces = workspacesOf(spec);
  const paths = new Map(workspaces.map(({ volume, path }) => [volume.slice(prefix.length), path]));
  const securityContext = run?.get("securityContext");
  const reading = { template: spec.get("stepTemplate"), expressions: variables, known: pathsOf(paths) };
  const list = (name: "steps" | "sidecars"): Container[] =>
    (spec.get(name)?.items() ?? []).slice(0, mostContainers + 1).map((one) => {
      const container = readContainer(one, name, securityContext, text, name === "steps" ? reading : {});
      // A workspace that steps name is in those alone.
      const own = workspaces.filter(({ isolated }) => !isolated || one.get("workspaces") !== undefined);
      return name === "steps" ? { ...container, mounts: [...container.mounts, ...own] } : container;
    });
  return {
    field: spec,
    containers: [...list("steps"), ...list("sidecars")],
    volumes: volumesOf(spec),
    list: "steps",
    ...(securityContext === undefined ? {} : { securityContext }),
  };
}

const prefix = "workspace ";

/** At mountPath, else /workspace/NAME (docs/workspaces.md of tektoncd/pipeline). */
function workspacesOf(spec: Field): (Mount & { isolated: boolean })[] {
  const isolated = (spec.get("steps")?.items() ?? []).some((step) => step.get("workspaces") !== undefined);
  return (spec.get("workspaces")?.items() ?? []).flatMap((one) => {
    const name = one.get("name")?.text();
    const path = one.get("mountPath")?.text() ?? `/workspace/${name}`;
    if (name === undefined || !path.startsWith("/") || path.includes("$")) return [];
    const readOnly = one.get("readOnly")?.boolean() === true;
    const tidied = path.replace(/\/+$/, "") || "/";
    return [{ volume: prefix + name, path: tidied, readOnly, subPath: "", isolated, start: one.start, end: one.end }];
  });
}

/** `$(workspaces.NAME.path)` -> the path. */
function pathsOf(paths: ReadonlyMap<string, string>): (text: string) => string {
  return (text) => text.replace(/\$\(workspaces\.([\w-]+)\.path\)/g, (all, name: string) => paths.get(name) ?? all);
}
