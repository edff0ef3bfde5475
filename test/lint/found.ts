// A text past the lint rules, as a test wants to see it.
import type { Finding } from "../../src/finding/finding.ts";
import { applyEdits, chooseEdits } from "../../src/lint/edit.ts";
import { type LintOptions, lint } from "../../src/lint/run.ts";

/** Every text that was asked about, so that others who answer the same question can be asked too: the policies. */
export const looked: { readonly path: string; readonly text: string }[] = [];

/** What a rule finds in a file. */
export function found(rule: string, path: string, text: string, options: LintOptions = {}): Finding[] {
  looked.push({ path, text });
  const { findings, skipped } = lint([{ path, text }], { ...options, only: new Set([rule]) });
  if (skipped.length > 0) throw new Error(`skipped: ${JSON.stringify(skipped)}`);
  return findings.filter((finding) => finding.rule === rule);
}

/** The lines at which a rule finds something in a Dockerfile. */
export function linesOf(rule: string, text: string, options: LintOptions = {}): number[] {
  return found(rule, "Dockerfile", text, options).map(({ location }) => location?.line ?? 0);
}

/** The file after the edits of the rule, until it finds nothing more that it can edit. */
export function fixed(rule: string, path: string, text: string, unsafe = false, options: LintOptions = {}): string {
  let current = text;
  for (let round = 0; round < 8; round += 1) {
    const edits = chooseEdits(found(rule, path, current, options), unsafe);
    if (edits.length === 0) break;
    current = applyEdits(current, edits);
  }
  return current;
}
