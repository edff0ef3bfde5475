// What a rule is. Four kinds, by what they look at: the machine's facts, each entry of the cache, each module version in it by its
// entries, and each module version by its contents, which only `verify` reads.
import type { CacheEntry, ModuleRecord } from "../facts/cache.ts";
import type { ModuleContent } from "../facts/content.ts";
import type { Facts } from "../facts/facts.ts";
import type { FindingDraft, Severity } from "../finding/finding.ts";
import type { EntryKind } from "../gocache/kind.ts";

interface RuleBase {
  /** kebab-case; also the name of the file, of its test and of its page in docs/rules. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong when it fires, in a few words, as a list of rules shows it. */
  readonly title: string;
  /** Why the rule could not look, if it could not. */
  readonly blocked?: (facts: Facts) => string | undefined;
}

/** Looks at the machine. */
export interface FactRule extends RuleBase {
  readonly looksAt: "facts";
  readonly check: (facts: Facts) => readonly FindingDraft[];
}

/** What fired, counted while the cache is walked; only the first few are kept. */
export interface Hits<T> {
  readonly count: number;
  readonly examples: readonly T[];
}

/** Looks at each entry. It is called for half a million of them, so `departs` is a few comparisons. */
export interface EntryRule extends RuleBase {
  readonly looksAt: "entries";
  /** Only these kinds; all if absent. */
  readonly kinds?: readonly EntryKind[];
  readonly departs: (entry: CacheEntry, facts: Facts) => boolean;
  readonly conclude: (hits: Hits<CacheEntry>, facts: Facts) => FindingDraft | undefined;
}

/** Looks at each module version. */
export interface ModuleRule extends RuleBase {
  readonly looksAt: "modules";
  readonly departs: (record: ModuleRecord, facts: Facts) => boolean;
  readonly conclude: (hits: Hits<ModuleRecord>, facts: Facts) => FindingDraft | undefined;
}

/** The module versions whose contents have the rule's problem. */
export interface ContentHits extends Hits<ModuleContent> {
  readonly all: readonly ModuleContent[];
}

/** Tells about problems of contents; they bear the rule's id as their kind. */
export interface ContentRule extends RuleBase {
  readonly looksAt: "contents";
  readonly conclude: (hits: ContentHits, facts: Facts) => FindingDraft | undefined;
}

export type Rule = FactRule | EntryRule | ModuleRule | ContentRule;
