// `# gomodcache ignore=RULE` and nothing more: whoever reads it later cannot tell whether it still holds. It does not count.
import type { Ignore } from "../ignore.ts";
import type { LintDraft } from "../rule.ts";

export const ignoreWithoutReason = {
  id: "ignore-without-reason",
  severity: "warning",
  title: "an ignore gives no reason",
  drafts: (ignores: readonly Ignore[]): readonly LintDraft[] =>
    ignores
      .filter(({ reason }) => reason === "")
      .map(({ rule, start, end }) => ({
        message: `this ignore of ${rule} gives no reason, so it holds nothing back`,
        at: { start, end },
        why: "Whoever changes the file later must be able to tell whether the reason still holds",
        fixes: [{ title: `Write the reason after the rule: ignore=${rule} because …`, disposition: "safe" }],
      })),
} as const;
