// Feeds entries and module versions to rules, counts what fires, and keeps a few examples.
import type { CacheEntry, ModuleRecord } from "../facts/cache.ts";
import type { Facts } from "../facts/facts.ts";
import type { FindingDraft } from "../finding/finding.ts";
import type { EntryKind } from "../gocache/kind.ts";
import type { EntryRule, ModuleRule, Rule } from "../rules/rule.ts";

/** What one rule says in the end: drafts of findings, or why it could not look. */
export type RuleAnswer = { readonly rule: Rule; readonly drafts: readonly FindingDraft[] } | Unanswered;
interface Unanswered {
  readonly rule: Rule;
  readonly reason: string;
}

interface Counter<R, T> {
  readonly rule: R;
  count: number;
  readonly examples: T[];
  /** Set when the rule threw, which ends its work. */
  failure?: string;
}
export type EntryCounter = Counter<EntryRule, CacheEntry>;
type ModuleCounter = Counter<ModuleRule, ModuleRecord>;

export class Tally {
  private readonly entryCounters: readonly EntryCounter[];
  private readonly moduleCounters: readonly ModuleCounter[];
  private readonly byKind = new Map<EntryKind, readonly EntryCounter[]>();

  /** @param mostExamples how many of the things that made it fire a rule gets to see */
  constructor(
    rules: readonly Rule[],
    private readonly facts: Facts,
    private readonly mostExamples: number,
  ) {
    const counter = <R, T>(rule: R): Counter<R, T> => ({ rule, count: 0, examples: [] });
    this.entryCounters = rules.filter((rule) => rule.looksAt === "entries").map((rule) => counter(rule));
    this.moduleCounters = rules.filter((rule) => rule.looksAt === "modules").map((rule) => counter(rule));
  }

  get looksAtModules(): boolean {
    return this.moduleCounters.length > 0;
  }

  /** The rules that look at entries of a kind. */
  countersFor(kind: EntryKind): readonly EntryCounter[] {
    let counters = this.byKind.get(kind);
    if (counters === undefined) {
      counters = this.entryCounters.filter(({ rule }) => rule.kinds === undefined || rule.kinds.includes(kind));
      this.byKind.set(kind, counters);
    }
    return counters;
  }

  /** @param entry may be filled with another entry after the call: what is kept of it is copied */
  judgeEntry(entry: CacheEntry, counters: readonly EntryCounter[]): void {
    for (const counter of counters) {
      if (counter.failure !== undefined) continue;
      try {
        if (!counter.rule.departs(entry, this.facts)) continue;
      } catch (error) {
        counter.failure = failureOf(error);
        continue;
      }
      counter.count += 1;
      if (counter.examples.length < this.mostExamples) counter.examples.push(copyOf(entry));
    }
  }

  judgeModule(record: ModuleRecord): void {
    for (const counter of this.moduleCounters) {
      if (counter.failure !== undefined) continue;
      try {
        if (!counter.rule.departs(record, this.facts)) continue;
      } catch (error) {
        counter.failure = failureOf(error);
        continue;
      }
      counter.count += 1;
      if (counter.examples.length < this.mostExamples) counter.examples.push(record);
    }
  }

  conclude(): RuleAnswer[] {
    const { facts } = this;
    return [
      ...this.entryCounters.map((counter) => answerOf(counter, () => counter.rule.conclude(counter, facts))),
      ...this.moduleCounters.map((counter) => answerOf(counter, () => counter.rule.conclude(counter, facts))),
    ];
  }
}

/** The reason of a Skipped for a rule that threw: it is a bug of the rule, and the other rules still count. */
export function failureOf(error: unknown): string {
  return `it failed, which is a bug: ${error instanceof Error ? error.message : String(error)}`;
}

function answerOf(counter: EntryCounter | ModuleCounter, conclude: () => FindingDraft | undefined): RuleAnswer {
  const { rule, count, failure } = counter;
  if (failure !== undefined) return { rule, reason: failure };
  if (count === 0) return { rule, drafts: [] };
  try {
    const draft = conclude();
    return { rule, drafts: draft === undefined ? [] : [draft] };
  } catch (error) {
    return { rule, reason: failureOf(error) };
  }
}

function copyOf({ path, kind, entry, reachable, parent }: CacheEntry): CacheEntry {
  return { path, kind, entry: { ...entry }, reachable, ...(parent === undefined ? {} : { parent }) };
}
