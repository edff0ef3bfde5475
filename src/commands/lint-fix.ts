// What `lint --fix` does with the edits of findings: round after round until nothing is left, then one write a file.

import type { ReadFile } from "../checkout/read.ts";
import { replaceText } from "../checkout/write.ts";
import type { Finding, Location, Skipped } from "../finding/finding.ts";
import { unifiedDiff } from "../lint/diff.ts";
import { applyEdits, chooseEdits } from "../lint/edit.ts";
import { fileId, type LintResult } from "../lint/run.ts";
import { printable } from "../report/safe.ts";
import { plural } from "../rules/shared/say.ts";

/** An edit can uncover another fault; more rounds than this would be edits that undo each other. */
const mostRounds = 8;

interface Fixed {
  readonly result: LintResult;
  /** Files that could not be written, and why. */
  readonly refused: readonly Skipped[];
  /** A line for each changed file. */
  readonly told: readonly string[];
}

/** @param files are brought up to date, so that `look` sees what was written */
export async function applyFixes(
  first: LintResult,
  files: Map<string, ReadFile>,
  root: string,
  unsafe: boolean,
  look: () => Promise<LintResult>,
): Promise<Fixed> {
  const before = new Map(files);
  const counts = new Map<string, number>();
  let result = first;
  for (let round = 0; round < mostRounds; round += 1) {
    let changed = false;
    for (const [path, findings] of byFile(result.findings)) {
      const file = files.get(path);
      const edits = file === undefined ? [] : chooseEdits(findings, unsafe);
      if (file === undefined || edits.length === 0) continue;
      files.set(path, { ...file, text: applyEdits(file.text, edits) });
      counts.set(path, (counts.get(path) ?? 0) + edits.length);
      changed = true;
    }
    if (!changed) break;
    result = await look();
  }
  const refused: Skipped[] = [];
  const told: string[] = [];
  for (const [path, count] of counts) {
    const old = before.get(path) as ReadFile;
    const reason = replaceText(old, root, (files.get(path) as ReadFile).text);
    if (reason === undefined) told.push(`fixed ${printable(path)}: ${plural(count, "edit")}`);
    else {
      refused.push({ rule: fileId, reason: `${path} was not changed: ${reason}` });
      files.set(path, old);
    }
  }
  return { result: refused.length > 0 ? await look() : result, refused, told };
}

/** The edits of the first round as a unified diff. */
export function dryRun(findings: readonly Finding[], files: ReadonlyMap<string, ReadFile>, unsafe: boolean): string {
  const diffs = [...byFile(findings)].map(([path, own]) => {
    const file = files.get(path);
    return file === undefined ? "" : unifiedDiff(path, file.text, chooseEdits(own, unsafe));
  });
  return diffs.join("");
}

function byFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { file } = finding.location as Location;
    files.set(file, [...(files.get(file) ?? []), finding]);
  }
  return files;
}
