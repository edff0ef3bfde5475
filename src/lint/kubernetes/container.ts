// A container of a pod: who it is, what it runs, sets and mounts. What the manifest does not tell is undefined: the image decides.
import type { Span } from "../file.ts";
import type { Assignment, ShellCommand } from "../shell/command.ts";
import type { Field } from "../yaml/field.ts";
import { type Reading, readScript, type Script } from "../yaml/script.ts";
import { type Run, readRun } from "./run.ts";

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
  /** A sidecar is an init container that goes on running: `restartPolicy: Always`. A step is Tekton's: one after the other. */
  readonly role: "init" | "sidecar" | "main" | "ephemeral" | "step";
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

/** What Tekton adds: a template of steps, expressions, and the values of some of them. */
export interface StepReading {
  readonly template?: Field | undefined;
  readonly expressions?: RegExp;
  readonly known?: (text: string) => string;
}

const roles = { containers: "main", ephemeralContainers: "ephemeral", steps: "step", sidecars: "sidecar" } as const;

/** Container and pod level as k8s.io/api core/v1 SecurityContext says: the container's value is in force if both are set. */
export function readContainer(
  field: Field,
  list: "initContainers" | keyof typeof roles,
  podContext: Field | undefined,
  text: string,
  { template, known = (value) => value, ...reading }: StepReading = {},
): Container {
  // A step is merged with the template field by field (pkg/pod/step_template.go); its lists are put together.
  const both = (key: string): Field[] => [template?.get(key), field.get(key)].filter((one) => one !== undefined);
  const settled = (key: string): Field | undefined => field.get(key) ?? template?.get(key);
  const contexts = [field.get("securityContext"), template?.get("securityContext"), podContext];
  const context = (key: string): Field | undefined => contexts[0]?.get(key) ?? contexts[1]?.get(key);
  const name = field.get("name");
  const image = settled("image");
  const always = field.get("restartPolicy")?.text() === "Always";
  const { commands, script } = commandsOf(field, settled("command"), settled("args"), text, reading);
  const variables = both("env").flatMap((env) =>
    env.items().flatMap((one): Assignment[] => {
      const [variable, value] = [one.get("name")?.text(), one.get("value")];
      const set = literal(value, known);
      return variable === undefined || value === undefined || set === undefined
        ? []
        : [{ name: variable, value: set, ...spanOf(value) }];
    }),
  );
  const settings = {
    image,
    pullPolicy: settled("imagePullPolicy"),
    uid: inForce("runAsUser", contexts, (one) => one.number()),
    gid: inForce("runAsGroup", contexts, (one) => one.number()),
    nonRoot: inForce("runAsNonRoot", contexts, (one) => one.boolean()),
    readOnlyRoot: context("readOnlyRootFilesystem")?.boolean() === true ? context("readOnlyRootFilesystem") : undefined,
    capabilities: context("capabilities"),
    script,
  };
  return {
    role: list !== "initContainers" ? roles[list] : always ? "sidecar" : "init",
    ...defined(settings),
    name: name?.text() ?? "?",
    field,
    at: spanOf(name ?? image ?? field),
    privileged: context("privileged")?.boolean() === true,
    env: new Map(
      both("env")
        .flatMap((env) => env.items())
        .map((one) => [one.get("name")?.text() ?? "", literal(one.get("value"), known)]),
    ),
    variables,
    openEnv: both("envFrom").length > 0,
    mounts: both("volumeMounts").flatMap((mounts) => mounts.items().flatMap((one) => mountOf(one, known))),
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
  const kind = role === "main" ? "container" : role === "sidecar" || role === "step" ? role : `${role} container`;
  return `${kind} "${name}"`;
}

/** True for what ends before the next one begins. */
export function isSequential({ role }: Container): boolean {
  return role === "init" || role === "step";
}

/** A step may be a script, which Tekton writes into a file; without a first line it is one of /bin/sh. */
function commandsOf(
  field: Field,
  command: Field | undefined,
  args: Field | undefined,
  text: string,
  reading: Reading,
): Run {
  const script = field.get("script");
  if (script === undefined) return readRun(command, args, text, reading);
  const shell = /^\s*#!/.test(script.text() ?? "") ? /^\s*#!.*\b(ba|da|k|a)?sh\b/.test(script.text() ?? "") : true;
  return (shell ? readScript(script, text, reading) : undefined) ?? { commands: [] };
}

/** Placeholders of envsubst, kustomize vars and templates are not known here. */
function literal(field: Field | undefined, known: (text: string) => string): string | undefined {
  const written = field?.text();
  const text = written === undefined ? undefined : known(written);
  return text === undefined || /[${}]/.test(text) ? undefined : text;
}

function inForce<T>(
  name: string,
  [container, ...around]: readonly (Field | undefined)[],
  read: (field: Field) => T | undefined,
): Setting<T> | undefined {
  const own = container?.get(name);
  const field = own ?? around.map((one) => one?.get(name)).find((one) => one !== undefined);
  const value = field === undefined ? undefined : read(field);
  return field === undefined || value === undefined
    ? undefined
    : { value, field, level: own === undefined ? "pod" : "container" };
}

function mountOf(field: Field, known: (text: string) => string): Mount[] {
  const volume = field.get("name")?.text();
  const path = literal(field.get("mountPath"), known);
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
