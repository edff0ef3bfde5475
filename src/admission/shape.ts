// Whether a pod has the shape that the API server has checked before it asks us. From anybody else it may be anything.
import { isObject, type JsonObject, own } from "./json.ts";

export interface PodObject {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
}

/** @returns undefined if a part that injection reads or changes is not what it should be */
export function asPod(object: unknown): PodObject | undefined {
  const [metadata, spec] = [own(object, "metadata") ?? {}, own(object, "spec")];
  if (!isObject(metadata) || !isObject(spec)) return undefined;
  const maps = [own(metadata, "annotations"), own(metadata, "labels"), own(spec, "securityContext")];
  if (!maps.every((map) => isAbsent(map) || isObject(map))) return undefined;
  if (!isListOf(spec, "volumes", isNamed)) return undefined;
  const containers = own(spec, "containers");
  if (!Array.isArray(containers) || containers.length === 0) return undefined;
  return isListOf(spec, "containers", isContainer) && isListOf(spec, "initContainers", isContainer)
    ? { metadata, spec }
    : undefined;
}

function isContainer(container: unknown): boolean {
  return (
    isNamed(container) &&
    isListOf(container, "env", isNamed) &&
    isListOf(container, "volumeMounts", isNamed) &&
    isListOf(container, "command", isText) &&
    isListOf(container, "args", isText)
  );
}

/** Kubernetes leaves null out, as if the field was not there. */
const isAbsent = (value: unknown): boolean => value === undefined || value === null;
const isText = (value: unknown): boolean => typeof value === "string";
const isNamed = (value: unknown): boolean => isText(own(value, "name"));

function isListOf(object: unknown, key: string, is: (item: unknown) => boolean): boolean {
  const list = own(object, key);
  return isAbsent(list) || (Array.isArray(list) && list.every(is));
}
