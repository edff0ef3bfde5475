// A pod past the rules that lint has for manifests.
import type { Severity } from "../finding/finding.ts";
import { interesting, type KubernetesFile, readPodSpec } from "../lint/kubernetes/model.ts";
import { Unreadable } from "../lint/model.ts";
import type { LintRule } from "../lint/rule.ts";
import { lintRules } from "../lint/rules.ts";
import { prefix } from "./asks.ts";
import { isCostly, textsOf } from "./cost.ts";
import { fieldOf } from "./field.ts";
import { below, isObject, type JsonObject, own } from "./json.ts";

export interface Told {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** What mends it, in words. */
  readonly fix: string;
}

export interface Judgement {
  readonly findings: readonly Told[];
  /** What could not be judged, or an exemption that does not count; each a sentence without a full stop. */
  readonly problems: readonly string[];
}

const rules = lintRules.filter((rule) => (rule.kinds as readonly string[]).includes("kubernetes"));

/** @param pod `{metadata, spec}` @param owner the metadata of the workload that makes it: its exemptions count too */
export function judge(pod: JsonObject, owner?: unknown): Judgement {
  const spec = own(pod, "spec");
  if (!isObject(spec)) return { findings: [], problems: [] };
  const texts = textsOf(spec);
  if (texts?.some((text) => interesting.test(text)) === false) return { findings: [], problems: [] };
  if (texts === undefined || isCostly(texts))
    return { findings: [], problems: ["it was not judged: it is too large, or its scripts are too entangled"] };
  const file = readPodSpec(fieldOf(spec));
  if (file instanceof Unreadable) return { findings: [], problems: [`it was not judged: ${file.reason}`] };
  const problems: string[] = [];
  const exempt = exemptions([own(pod, "metadata"), owner], problems);
  const findings = rules.flatMap((rule) => (exempt.has(rule.id) ? [] : told(rule, file, problems)));
  return { findings: once(findings), problems };
}

function told(rule: LintRule, file: KubernetesFile, problems: string[]): Told[] {
  try {
    return rule.check(file, { has: () => undefined }).map(({ message, severity = rule.severity, fixes }) => ({
      rule: rule.id,
      severity,
      message,
      fix: fixes.map(({ title, command }) => (command === undefined ? title : `${title}: ${command}`)).join("; "),
    }));
  } catch (error) {
    problems.push(`rule ${rule.id} failed: ${(error as Error).message}`);
    return [];
  }
}

function once(findings: readonly Told[]): Told[] {
  return [...new Map(findings.map((one) => [`${one.rule} ${one.message}`, one])).values()];
}

/** `ignore.gomodcache.dev/RULE: reason`, as lint's ignores: without a reason it does not count. */
function exemptions(metadata: readonly unknown[], problems: string[]): Set<string> {
  const exempt = new Set<string>();
  for (const one of metadata) {
    const annotations = below(one, "annotations");
    if (!isObject(annotations)) continue;
    for (const [key, reason] of Object.entries(annotations)) {
      if (!key.startsWith(`ignore.${prefix}/`)) continue;
      const rule = key.slice(`ignore.${prefix}/`.length);
      if (!rules.some(({ id }) => id === rule)) problems.push(`annotation ${key}: there is no such rule for pods`);
      else if (typeof reason !== "string" || reason.trim() === "")
        problems.push(`annotation ${key} has no reason, so that it does not count`);
      else exempt.add(rule);
    }
  }
  return exempt;
}
