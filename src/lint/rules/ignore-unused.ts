// An ignore that holds nothing back: the fault is gone, or the rule's name is misspelt, and the next fault would go unseen.
import type { Ignore } from "../ignore.ts";
import type { LintDraft } from "../rule.ts";

export const ignoreUnused = {
  id: "ignore-unused",
  severity: "warning",
  title: "an ignore holds nothing back",
  drafts: (unused: readonly Ignore[], known: (rule: string) => boolean): readonly LintDraft[] =>
    unused
      .filter(({ reason }) => reason !== "")
      .map(({ rule, start, end }) => ({
        message: known(rule)
          ? `${rule} finds nothing here, so this ignore holds nothing back`
          : `there is no rule ${rule}, so this ignore holds nothing back`,
        at: { start, end },
        why: "An ignore that is left behind would hide the next fault that somebody writes into that line",
        fixes: [{ title: "Take the ignore out, or correct the rule's name", disposition: "safe" }],
      })),
} as const;
