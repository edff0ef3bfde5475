// One cause is one finding: what holds for a whole stage is told at its first place.
import type { LintDraft } from "../rule.ts";
import type { Stage, Step } from "./model.ts";

/** The drafts of all steps; of those of a stage with the same key only the first. */
export function oncePerStage(
  stages: readonly Stage[],
  draftsOf: (step: Step) => readonly { readonly key: string; readonly draft: LintDraft }[],
): LintDraft[] {
  return stages.flatMap(({ steps }) => {
    const told = new Map<string, LintDraft>();
    for (const { key, draft } of steps.flatMap(draftsOf)) if (!told.has(key)) told.set(key, draft);
    return [...told.values()];
  });
}
