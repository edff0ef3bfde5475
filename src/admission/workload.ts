// The pods that an object of the API is, or will make.
import { below, isObject, type JsonObject } from "./json.ts";

/** By `kind.group`: where the template of the pods is. */
const templates: Readonly<Record<string, readonly string[]>> = {
  "Pod.": [],
  "PodTemplate.": ["template"],
  "ReplicationController.": ["spec", "template"],
  "Deployment.apps": ["spec", "template"],
  "ReplicaSet.apps": ["spec", "template"],
  "StatefulSet.apps": ["spec", "template"],
  "DaemonSet.apps": ["spec", "template"],
  "Job.batch": ["spec", "template"],
  "CronJob.batch": ["spec", "jobTemplate", "spec", "template"],
};

interface Kind {
  readonly group: string;
  readonly kind: string;
}

/** True for the kinds that are looked at. */
export function isKnown({ group, kind }: Kind): boolean {
  return Object.hasOwn(templates, `${kind}.${group}`);
}

/** `{metadata, spec}` of the pod; undefined if the object has none. */
export function podOf(object: JsonObject | undefined, { group, kind }: Kind): JsonObject | undefined {
  const path = isKnown({ group, kind }) ? templates[`${kind}.${group}`] : undefined;
  const found = object === undefined || path === undefined ? undefined : below(object, ...path);
  return isObject(found) ? found : undefined;
}
