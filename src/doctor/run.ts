// The doctor: facts and a walk over the cache, past all rules, to a report.
import type { Facts } from "../facts/facts.ts";
import { hostKinds } from "../facts/host.ts";
import {
  asFinding,
  byHarm,
  type Finding,
  type FindingDraft,
  type Report,
  type Skipped,
  verdictOf,
} from "../finding/finding.ts";
import { grouped } from "../finding/number.ts";
import { show } from "../host/bytes.ts";
import type { Platform } from "../host/macos/tools.ts";
import { formatSubject } from "../permission/subject.ts";
import type { Rule } from "../rules/rule.ts";
import { repairByFix } from "../rules/shared/repair.ts";
import type { ModulePlace } from "./project.ts";
import { survey } from "./survey.ts";
import { failureOf, type RuleAnswer } from "./tally.ts";

export interface DiagnoseOptions {
  /** Only these modules of the cache, for one project; the whole cache if absent. */
  readonly modules?: readonly ModulePlace[];
  /** Whether file systems that are mounted in the cache are walked too. */
  readonly crossMounts?: boolean;
  /** Whether the ACL of every entry is read; else only of those that changed after they were written, which misses few. */
  readonly everyAcl?: boolean;
  /** Whether to give all examples (up to 10,000 a finding) instead of three. */
  readonly verbose?: boolean;
  /** Called every few milliseconds with the number of entries so far and the directory at hand. */
  readonly onProgress?: (entries: number, path: string) => void;
  /** Ends the walk: `diagnose` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** The program of a walking thread, where it is not beside this one; without one, this thread walks alone. */
  readonly walkWorker?: URL;
  /** How a Mac is asked, where the facts are of one; this machine if absent. */
  readonly platform?: Platform;
}

/** The name under which parts of the cache that could not be seen stand among the skipped rules. */
export const walkId = "walk";
/** The name under which ACLs that could not be read stand among the skipped rules. */
export const aclsId = "acls";

const fewExamples = 3;
const mostExamples = 10_000;

/**
 * Lets the rules look at the machine and at its cache.
 * A rule that throws is skipped with its reason and does not stop the others.
 * @throws the signal's reason, if it was aborted
 */
export async function diagnose(facts: Facts, rules: readonly Rule[], options: DiagnoseOptions = {}): Promise<Report> {
  const began = performance.now();
  const examples = options.verbose === true ? mostExamples : fewExamples;
  const { open, skipped } = divide(rules, facts);
  const answers: RuleAnswer[] = open.filter((rule) => rule.looksAt === "facts").map((rule) => askFacts(rule, facts));
  let entries = 0;
  if (facts.cache.state === "directory") {
    const seen = await survey(open, facts, { ...options, examples });
    entries = seen.entries;
    answers.push(...seen.answers);
    skipped.push(...seen.unseen.map((reason) => ({ rule: walkId, reason })));
    // A rule that needs ACLs says the same in its own name.
    const { acls } = facts;
    if ("unseen" in acls && !skipped.some(({ reason }) => reason === acls.unseen)) {
      skipped.push({ rule: aclsId, reason: acls.unseen });
    }
  } else if (facts.cache.state === "unseen") {
    skipped.push({ rule: walkId, reason: facts.cache.unseen ?? `${show(facts.cache.path)} could not be looked at` });
  }
  const findings: Finding[] = [];
  let passed = 0;
  for (const answer of answers) {
    if ("reason" in answer) skipped.push({ rule: answer.rule.id, reason: answer.reason });
    else if (answer.drafts.length === 0) passed += 1;
    else findings.push(...answer.drafts.map((draft) => findingOf(answer.rule, draft, examples, facts)));
  }
  return {
    command: "doctor",
    target: show(facts.project?.directory ?? facts.cache.path),
    context: contextOf(facts),
    ...(facts.hosts === undefined || facts.hosts.length === 0 ? {} : { hosts: facts.hosts }),
    verdict: verdictOf(findings, skipped),
    findings: findings.sort(byHarm),
    skipped,
    passed,
    stats: { entries, seconds: (performance.now() - began) / 1000 },
  };
}

/** Parts the rules into those that can look and those that say why they cannot. */
function divide(rules: readonly Rule[], facts: Facts): { open: Rule[]; skipped: Skipped[] } {
  const open: Rule[] = [];
  const skipped: Skipped[] = [];
  for (const rule of rules) {
    const reason = reasonToSkip(rule, facts);
    if (reason === undefined) open.push(rule);
    else skipped.push({ rule: rule.id, reason });
  }
  return { open, skipped };
}

function reasonToSkip(rule: Rule, facts: Facts): string | undefined {
  // Without a cache, rules about its entries have nothing to look at, which is no reason to doubt the verdict.
  try {
    return rule.looksAt === "facts" || facts.cache.state === "directory" ? rule.blocked?.(facts) : undefined;
  } catch (error) {
    return failureOf(error);
  }
}

function askFacts(rule: Extract<Rule, { looksAt: "facts" }>, facts: Facts): RuleAnswer {
  try {
    return { rule, drafts: rule.check(facts) };
  } catch (error) {
    return { rule, reason: failureOf(error) };
  }
}

/** A rule's draft as a finding of a report. @param examples how many paths it may name */
export function findingOf(rule: Rule, draft: FindingDraft, examples: number, facts: Facts): Finding {
  return {
    ...asFinding(rule, draft),
    paths: draft.paths.slice(0, examples),
    fixes: [...repairByFix(rule.id, facts), ...draft.fixes],
  };
}

function contextOf(facts: Facts): string[] {
  const { cache, subject, project } = facts;
  const ids = formatSubject(subject.subject);
  const who = subject.name === undefined ? `as uid ${ids}` : `as ${subject.name} (${ids})`;
  const where = `GOMODCACHE ${cache.origin === "GOMODCACHE" ? "from the environment" : `from ${cache.origin}`}`;
  const hosts = (facts.hosts ?? []).map(({ kind }) => hostKinds[kind]);
  if (project === undefined) return [where, who, ...hosts];
  return [`${show(cache.path)}, ${where}`, who, `${grouped(project.modules)} modules of the project`, ...hosts];
}
