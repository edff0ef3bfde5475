// What every check says. A finding is one cause, however many entries it hurts.
import type { Host } from "../facts/host.ts";

/** `error`: a go command will fail for somebody. `warning`: works, but unsafe or fragile. `advice`: could be better. */
export type Severity = "error" | "warning" | "advice";
export const severities: readonly Severity[] = ["error", "warning", "advice"];

export type Confidence = "certain" | "likely";

/** An entry as `ls -ln` shows it, with names where they are known. */
export interface FindingPath {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** `-rw-r--r--`, or empty if the path does not exist. */
  readonly mode: string;
}

/** A range of a text file: lines and columns from 1, columns in UTF-16 units; the end is exclusive. */
export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Location extends Region {
  /** Relative to the repository, with slashes. */
  readonly file: string;
}

/** A replacement in the file of the finding's location: offsets in UTF-16 units, and the same range as lines and columns. */
export interface Edit extends Region {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  /** `safe` loses nothing and hurts nobody; `unsafe` deletes, or changes who may do what beyond the finding. */
  readonly disposition: "safe" | "unsafe";
  /** To paste into a POSIX shell; empty if only somebody with an editor can do it. */
  readonly command: string;
  /** What `lint --fix` does, in order, none overlapping another. */
  readonly edits?: readonly Edit[];
}

/** What a rule says; the doctor adds the rule's id, severity and page. */
export interface FindingDraft {
  /** One sentence: what is wrong, and who is hurt. No trailing full stop. */
  readonly message: string;
  /** A few examples, the worst first. */
  readonly paths: readonly FindingPath[];
  /** How many entries (or modules, or settings) have it. */
  readonly count: number;
  /** Who is hurt: `uid 1000`, `every user but 0`. */
  readonly subject?: string;
  /** How it came to be, or why it hurts, when that is known. */
  readonly why?: string;
  readonly fixes: readonly Fix[];
  readonly confidence?: Confidence;
  /** Overrides the rule's own severity where the case is milder or worse. */
  readonly severity?: Severity;
  /** Where it is written, if it is about a text file. */
  readonly location?: Location;
}

export interface Finding extends FindingDraft {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Where the rule's page is: `docs/rules/<rule>.md`. */
  readonly docs: string;
}

/** What a rule says, as a finding with the rule's name, severity and page. */
export function asFinding(rule: { readonly id: string; readonly severity: Severity }, draft: FindingDraft): Finding {
  return {
    rule: rule.id,
    ...draft,
    severity: draft.severity ?? rule.severity,
    confidence: draft.confidence ?? "certain",
    docs: `docs/rules/${rule.id}.md`,
  };
}

/** A rule that could not look, and why. */
export interface Skipped {
  readonly rule: string;
  readonly reason: string;
}

export type ReportVerdict = "healthy" | "findings" | "incomplete";

/** What `doctor`, `verify` and `lint` found. */
export interface Report {
  readonly command: string;
  /** What was looked at: GOMODCACHE, or a project. */
  readonly target: string;
  /** Where that came from, and for whom: `GOMODCACHE from go env`, `as app (1000:1000)`. */
  readonly context: readonly string[];
  /** What kinds of host this is, for documents. */
  readonly hosts?: readonly Host[];
  readonly verdict: ReportVerdict;
  readonly findings: readonly Finding[];
  readonly skipped: readonly Skipped[];
  /** How many rules looked and found nothing. */
  readonly passed: number;
  /** How many findings an ignore with a reason holds back. */
  readonly suppressed?: number;
  /** What each go command would do for the subject, when a project was looked at. */
  readonly operations?: readonly { operation: string; verdict: "yes" | "no" | "unknown"; message: string }[];
  readonly stats: { readonly entries: number; readonly seconds: number };
}

/** Worst first; then what hurts more entries; then by name, so that the order is stable. */
export function byHarm(a: Finding, b: Finding): number {
  const severity = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  if (severity !== 0) return severity;
  return b.count - a.count || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}

/** What could not be inspected is never called healthy. Findings are told even if something else could not be seen. */
export function verdictOf(findings: readonly Finding[], skipped: readonly Skipped[]): ReportVerdict {
  if (findings.length > 0) return "findings";
  return skipped.length > 0 ? "incomplete" : "healthy";
}
