// Every lint rule by name, for `explain` and for the test that compares rules, files, tests and pages.
import type { LintRule } from "./rule.ts";
import { ignoreUnused } from "./rules/ignore-unused.ts";
import { ignoreWithoutReason } from "./rules/ignore-without-reason.ts";
import { lintRules } from "./rules.ts";

export const allLintRules: readonly Pick<LintRule, "id" | "severity" | "title">[] = [
  ...lintRules,
  ignoreUnused,
  ignoreWithoutReason,
];
