// Module versions with problems of content, for the tests of the rules that tell about them.
import type { ContentProblem, ModuleContent } from "../../src/facts/content.ts";
import type { Facts } from "../../src/facts/facts.ts";
import type { FindingDraft } from "../../src/finding/finding.ts";
import type { ContentRule } from "../../src/rules/rule.ts";
import { dir, factsFor, file, record, subject } from "./sample-cache.ts";

/** Root asks about a cache of alice (1000). */
export const contentFacts: Facts = factsFor(subject(0), dir(0o755));

/** A complete module version, example.com/alpha@v1.0.0 of alice unless it is changed, with these problems. */
export function content(problems: readonly ContentProblem[], changes: Partial<ModuleContent> = {}): ModuleContent {
  return { ...record(), present: true, problems, unlisted: 0, unread: [], filesRead: 7, ...changes };
}

/** What verify does with a rule. @param most how many examples the rule gets */
export function runContents(
  rule: ContentRule,
  all: readonly ModuleContent[],
  facts = contentFacts,
  most = 3,
): FindingDraft | undefined {
  return rule.conclude({ count: all.length, examples: all.slice(0, most), all }, facts);
}

/** A problem of a file of `@v`, which alice owns. */
export function problem(
  kind: string,
  end: string,
  what: Partial<ContentProblem> = { expected: "h1:right=", found: "h1:wrong=" },
): ContentProblem {
  const path = `/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.${end}`;
  return { kind, path, entry: file(0o644), ...what };
}
