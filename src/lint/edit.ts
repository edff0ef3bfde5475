// Edits of a text: which can be made together, and what comes out.
import type { Edit, Finding } from "../finding/finding.ts";

/** A text with edits made. They are in order and do not overlap. */
export function applyEdits(text: string, edits: readonly Pick<Edit, "start" | "end" | "text">[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/**
 * The edits of the first applicable fix of each finding of one file, in order. A fix that would touch what another one
 * changes is left for the next round; what two fixes do alike is done once.
 */
export function chooseEdits(findings: readonly Finding[], unsafe: boolean): Edit[] {
  const chosen: Edit[] = [];
  for (const { fixes } of findings) {
    const fix = fixes.find(({ edits, disposition }) => edits !== undefined && (unsafe || disposition === "safe"));
    const edits = fix?.edits ?? [];
    const fresh = edits.filter((edit) => !chosen.some((other) => same(edit, other)));
    if (fresh.some((edit) => chosen.some((other) => clash(edit, other)))) continue;
    chosen.push(...fresh);
  }
  return chosen.sort((a, b) => a.start - b.start || a.end - b.end);
}

function same(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

/** Two insertions at one place clash too: their order would be chance. */
function clash(a: Edit, b: Edit): boolean {
  return (a.start < b.end && b.start < a.end) || a.start === b.start;
}
