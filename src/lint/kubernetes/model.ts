// A manifest as its pods: those of every workload kind and list, in every document.
import type { LintFile, Span } from "../file.ts";
import { type Scripted, Unreadable } from "../model.ts";
import type { Field } from "../yaml/field.ts";
import { oncePerPlace, readDocuments } from "../yaml/read.ts";
import { type Container, readContainer } from "./container.ts";

export interface Volume extends Span {
  readonly name: string;
  /** `emptyDir`, `hostPath`, `persistentVolumeClaim`, …; empty if it is not told, as in a patch. */
  readonly kind: string;
  /** Of an emptyDir (KEP-5502). */
  readonly mode?: Field;
}

export interface Pod {
  /** Its spec. */
  readonly field: Field;
  /** In the order in which they start: init containers first. */
  readonly containers: readonly Container[];
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly securityContext?: Field;
  /** The name of the list of containers before which `volumes` can be put; `containers` if absent. */
  readonly list?: "steps";
}

export interface KubernetesFile extends Scripted {
  readonly pods: readonly Pod[];
}

/** Without both a manifest has no pod that a rule speaks about, and is not even parsed. */
export const interesting =
  /\b(?:go|gomodcache(?:-init)?|GO(?:MODCACHE|CACHE|PATH|FLAGS|SUMDB|NOSUMDB|NOSUMCHECK|PRIVATE|INSECURE)|GIT_SSL_NO_VERIFY|go-build)\b|golang/;
const hasPods = /containers["']?\s*:/i;

export const mostPods = 2_000;
/** Rules compare each with each. */
export const mostContainers = 100;
/** Lists of lists are read this deep. */
const deepestList = 4;

/** A line that is only a template's, or a value that begins as one; in quotes it is text. */
export const template = /^\s*(?:- )?\{\{|:[ \t]+\{\{|\{\{-/m;

export function readKubernetes(file: LintFile): KubernetesFile | Unreadable {
  const { text } = file;
  if (!hasPods.test(text) || !interesting.test(text))
    return { file, blocks: [], pods: [], commands: [], variables: [] };
  if (template.test(text)) return new Unreadable("it is a template: lint what it becomes (helm template, …)");
  const documents = readDocuments(text);
  if (documents instanceof Unreadable) return documents;
  const pods: Pod[] = [];
  for (const document of documents) {
    collect(document, text, pods, 0);
    if (pods.some(({ containers }) => containers.length > mostContainers))
      return new Unreadable(`it has a pod with more than ${mostContainers} containers`);
    if (pods.length > mostPods) return new Unreadable(`it has more than ${mostPods} pods`);
  }
  return fileOf(file, pods);
}

/** A file with the commands and the settings of its pods. */
export function fileOf(file: LintFile, pods: readonly Pod[]): KubernetesFile {
  const containers = pods.flatMap((pod) => pod.containers);
  const commands = oncePerPlace(containers.flatMap((one) => one.commands));
  return { file, blocks: [], pods, commands, variables: oncePerPlace(containers.flatMap((one) => one.variables)) };
}

function collect(object: Field, text: string, pods: Pod[], depth: number): void {
  if (pods.length > mostPods) return;
  // A file may be a list of objects by itself, as patches are.
  const items = object.items().length > 0 ? object.items() : (object.get("items")?.items() ?? []);
  if (depth < deepestList) for (const item of items) collect(item, text, pods, depth + 1);
  const kind = object.get("kind")?.text();
  if (kind === undefined) return;
  const spec =
    kind === "Pod"
      ? object.get("spec")
      : (object.get("spec", "jobTemplate", "spec", "template", "spec") ??
        object.get("spec", "template", "spec") ??
        object.get("template", "spec"));
  if (spec?.get("containers") !== undefined || spec?.get("initContainers") !== undefined) pods.push(podOf(spec, text));
}

function podOf(spec: Field, text: string): Pod {
  const securityContext = spec.get("securityContext");
  const lists = ["initContainers", "containers", "ephemeralContainers"] as const;
  return {
    field: spec,
    containers: lists.flatMap((list) =>
      (spec.get(list)?.items() ?? [])
        .slice(0, mostContainers + 1)
        .map((one) => readContainer(one, list, securityContext, text)),
    ),
    volumes: volumesOf(spec),
    ...(securityContext === undefined ? {} : { securityContext }),
  };
}

export function volumesOf(spec: Field): Map<string, Volume> {
  const volumes = (spec.get("volumes")?.items() ?? []).map((one): [string, Volume] => {
    const name = one.get("name")?.text() ?? "";
    const kind = one.names().find((key) => key !== "name") ?? "";
    const { start, end } = one.get(kind)?.key ?? one.get("name") ?? one;
    const mode = one.get("emptyDir", "mode");
    return [name, { name, kind, start, end, ...(mode === undefined ? {} : { mode }) }];
  });
  return new Map(volumes);
}
