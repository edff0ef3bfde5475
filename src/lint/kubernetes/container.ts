// A container of a pod: who it is, what it runs, sets and mounts. What the manifest does not tell is undefined: the image decides.
import type { Span } from "../file.ts";
import type { Assignment, ShellCommand } from "../shell/command.ts";
import type { Field } from "../yaml/field.ts";
import type { Script } from "../yaml/script.ts";
import { readRun } from "./run.ts";

export interface Mount extends Span {
  readonly volume: string;
  /** Absolute, without a slash at the end. */
  readonly path: string;
  readonly readOnly: boolean;
  /** The subdirectory of the volume that is mounted, as it is written (`subPath`, `subPathExpr`); empty if all of it is. */
  readonly subPath: string;
}

/** A value that is in force, and the field that says so: the container's, or else the pod's. */
export interface Setting<T> {
  readonly value: T;
  readonly field: Field;
  readonly level: "container" | "pod";
}

export interface Container {
  /** A sidecar is an init container that goes on running: `restartPolicy: Always`. */
  readonly role: "init" | "sidecar" | "main" | "ephemeral";
  readonly name: string;
  readonly at: Span;
  readonly field: Field;
  readonly image?: Field;
  readonly pullPolicy?: Field;
  readonly uid?: Setting<number>;
  readonly gid?: Setting<number>;
  readonly nonRoot?: Setting<boolean>;
  readonly readOnlyRoot?: Field;
  readonly capabilities?: Field;
  readonly privileged: boolean;
  /** undefined is a value that only the cluster knows. */
  readonly env: ReadonlyMap<string, string | undefined>;
  /** Those of `env` that have a value, with its place. */
  readonly variables: readonly Assignment[];
  /** True if a ConfigMap or Secret may set more variables. */
  readonly openEnv: boolean;
  readonly mounts: readonly Mount[];
  readonly commands: readonly ShellCommand[];
  readonly script?: Script;
}

/** Container and pod level as k8s.io/api core/v1 SecurityContext says: the container's value is in force if both are set. */
export function readContainer(
  field: Field,
  list: "initContainers" | "containers" | "ephemeralContainers",
  podContext: Field | undefined,
  text: string,
): Container {
  const context = field.get("securityContext");
  const name = field.get("name");
  const image = field.get("image");
  const always = field.get("restartPolicy")?.text() === "Always";
  const { commands, script } = readRun(field.get("command"), field.get("args"), text);
  const settings = {
    image,
    pullPolicy: field.get("imagePullPolicy"),
    uid: inForce("runAsUser", context, podContext, (one) => one.number()),
    gid: inForce("runAsGroup", context, podContext, (one) => one.number()),
    nonRoot: inForce("runAsNonRoot", context, podContext, (one) => one.boolean()),
    readOnlyRoot:
      context?.get("readOnlyRootFilesystem")?.boolean() === true ? context.get("readOnlyRootFilesystem") : undefined,
    capabilities: context?.get("capabilities"),
    script,
  };
  return {
    ...defined(settings),
    role: list === "containers" ? "main" : list === "ephemeralContainers" ? "ephemeral" : always ? "sidecar" : "init",
    name: name?.text() ?? "?",
    field,
    at: spanOf(name ?? image ?? field),
    privileged: context?.get("privileged")?.boolean() === true,
    env: new Map(
      (field.get("env")?.items() ?? []).map((one) => [one.get("name")?.text() ?? "", literal(one.get("value"))]),
    ),
    variables: (field.get("env")?.items() ?? []).flatMap((one) => {
      const [variable, value] = [one.get("name")?.text(), one.get("value")];
      const text = literal(value);
      return variable === undefined || value === undefined || text === undefined
        ? []
        : [{ name: variable, value: text, ...spanOf(value) }];
    }),
    openEnv: field.get("envFrom") !== undefined,
    mounts: (field.get("volumeMounts")?.items() ?? []).flatMap(mountOf),
    commands,
  };
}

/** Capability names of a list, in capitals and without CAP_. */
export function capabilityNames(container: Container, list: "add" | "drop"): Set<string> {
  const names = container.capabilities?.get(list)?.items() ?? [];
  return new Set(names.map((one) => (one.text() ?? "").toUpperCase().replace(/^CAP_/, "")));
}

/** `init container "x"`, `container "x"`. */
export function nameOf({ role, name }: Container): string {
  const kind = role === "main" ? "container" : role === "sidecar" ? "sidecar" : `${role} container`;
  return `${kind} "${name}"`;
}

/** Placeholders of envsubst, kustomize vars and templates are not known here. */
function literal(field: Field | undefined): string | undefined {
  const text = field?.text();
  return text === undefined || /[${}]/.test(text) ? undefined : text;
}

function inForce<T>(
  name: string,
  container: Field | undefined,
  pod: Field | undefined,
  read: (field: Field) => T | undefined,
): Setting<T> | undefined {
  const own = container?.get(name);
  const field = own ?? pod?.get(name);
  const value = field === undefined ? undefined : read(field);
  return field === undefined || value === undefined
    ? undefined
    : { value, field, level: own === undefined ? "pod" : "container" };
}

function mountOf(field: Field): Mount[] {
  const volume = field.get("name")?.text();
  const path = literal(field.get("mountPath"));
  if (volume === undefined || path === undefined || !path.startsWith("/")) return [];
  const readOnly = field.get("readOnly")?.boolean() === true;
  const subPath = (field.get("subPath") ?? field.get("subPathExpr"))?.text() ?? "";
  const place = spanOf(field.get("mountPath") ?? field);
  return [{ volume, path: path.replace(/\/+$/, "") || "/", readOnly, subPath, ...place }];
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
