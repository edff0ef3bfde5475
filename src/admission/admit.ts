// The answer to a review: what is injected, what is told, what is denied. When in doubt it is allowed, with a warning.
import { type Severity, severities } from "../finding/finding.ts";
import { asksOf, wantsInjection } from "./asks.ts";
import { type InjectSettings, inject } from "./inject.ts";
import { type JsonObject, own } from "./json.ts";
import { type Judgement, judge, type Told } from "./judge.ts";
import type { Answer, Review } from "./review.ts";
import type { Mode, Route } from "./route.ts";
import { denialText, warningsOf } from "./words.ts";
import { isKnown, podOf } from "./workload.ts";

export interface AdmissionSettings extends InjectSettings {
  /** Where the path does not say. */
  readonly mode: Mode;
  /** In the mode enforce: what is denied. */
  readonly failOn: Severity;
  /** Namespaces in which nothing is done. */
  readonly excluded: ReadonlySet<string>;
}

/** One word about an answer, for metrics and traces. */
export type Result = "patched" | "unchanged" | "passed" | "warned" | "denied" | "skipped" | "failed";

export interface Admission extends Answer {
  readonly result: Result;
  /** The rules that found something. */
  readonly rules: readonly string[];
}

/** Namespaces of the cluster itself. */
export const ownNamespaces = ["kube-system", "kube-public", "kube-node-lease"] as const;

const skipped: Admission = { allowed: true, result: "skipped", rules: [] };

/** It never throws: a fault of ours must not keep anything out of a cluster. */
export function admit(review: Review, route: Route, settings: AdmissionSettings): Admission {
  try {
    if (!concerns(review, settings)) return skipped;
    return route.webhook === "mutate" ? mutate(review, route, settings) : validate(review, route, settings);
  } catch (error) {
    const warnings = warningsOf([
      `it was let in unseen, because of a fault of this webhook: ${(error as Error).message}`,
    ]);
    return { allowed: true, warnings, result: "failed", rules: [] };
  }
}

/** A subresource (status, scale, ephemeralcontainers, …) is of a pod that is in already. */
function concerns({ kind, operation, subresource, namespace }: Review, { excluded }: AdmissionSettings): boolean {
  if (operation !== "CREATE" && operation !== "UPDATE") return false;
  return subresource === "" && isKnown(kind) && !excluded.has(namespace);
}

/** Pods, before they are: what makes pods stays as its author wrote it. */
function mutate({ kind, operation, object }: Review, { byNamespace }: Route, settings: AdmissionSettings): Admission {
  if (kind.kind !== "Pod" || operation !== "CREATE" || object === undefined) return skipped;
  // A mirror pod shows a static one of the node, and must be equal to it.
  const metadata = own(object, "metadata");
  if (own(own(metadata, "annotations"), "kubernetes.io/config.mirror") !== undefined) return skipped;
  const asks = asksOf(metadata, byNamespace);
  if (asks === undefined) return skipped;
  const unchanged = { allowed: true, result: "unchanged", rules: [] } as const;
  if (typeof asks === "string") return { warnings: warningsOf([asks]), ...unchanged };
  const injection = inject(object, asks, settings);
  // Who asked for all pods of a namespace did not mean those that have nothing to do with go.
  const asked = wantsInjection(metadata) === true;
  if (typeof injection === "string") return { warnings: asked ? warningsOf([injection]) : [], ...unchanged };
  const { patch, warnings } = injection;
  return {
    allowed: true,
    patch,
    warnings: asked || patch.length > 0 ? warningsOf(warnings) : [],
    result: patch.length > 0 ? "patched" : "unchanged",
    rules: [],
  };
}

function validate(review: Review, route: Route, settings: AdmissionSettings): Admission {
  const { object, oldObject, operation, kind } = review;
  const pod = podOf(object, kind);
  if (object === undefined || pod === undefined) return skipped;
  const before = operation === "UPDATE" ? podOf(oldObject, kind) : undefined;
  // Controllers update what is there: labels, a revision, a finalizer. They must be able to, whatever the pod is like.
  if (
    operation === "UPDATE" &&
    (kind.kind === "Pod" || own(own(object, "metadata"), "deletionTimestamp") !== undefined)
  )
    return skipped;
  const { findings, problems } = judged(pod, object, route, settings);
  const old = new Set(before === undefined ? [] : judged(before, oldObject, route, settings).findings.map(key));
  const fresh = findings.filter((one) => !old.has(key(one)));
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const limit = severities.indexOf(settings.failOn);
  const denied = fresh.filter(({ severity }) => severities.indexOf(severity) <= limit);
  if ((route.mode ?? settings.mode) === "enforce" && denied.length > 0) {
    const others = findings.filter((one) => !denied.includes(one));
    return {
      allowed: false,
      message: denialText(denied),
      warnings: warningsOf(problems, others),
      result: "denied",
      rules,
    };
  }
  const result = findings.length > 0 ? "warned" : "passed";
  return { allowed: true, warnings: warningsOf(problems, findings), result, rules };
}

const key = ({ rule, message }: Told): string => `${rule} ${message}`;

/** What will run is judged: a template that asks for injection is looked at as its pods will be. */
function judged(
  pod: JsonObject,
  object: JsonObject | undefined,
  { byNamespace }: Route,
  settings: AdmissionSettings,
): Judgement {
  const metadata = own(pod, "metadata");
  const asks = asksOf(metadata, byNamespace);
  const injection = asks === undefined || typeof asks === "string" ? asks : inject(pod, asks, settings);
  const whole = typeof injection === "object" ? { ...injection.pod } : pod;
  const { findings, problems } = judge(whole, pod === object ? undefined : own(object, "metadata"));
  // Nobody reads the warnings about pods that a controller makes: their author is here, with the template.
  const isTemplate = pod !== object && wantsInjection(metadata) === true;
  const undone = typeof injection === "object" ? injection.warnings : injection === undefined ? [] : [injection];
  return { findings, problems: isTemplate ? [...undone, ...problems] : problems };
}
