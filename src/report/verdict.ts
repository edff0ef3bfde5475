// The verdict in one line that can be read alone, and the words that formats share.
import { type Finding, type Report, severities } from "../finding/finding.ts";
import { grouped } from "../finding/number.ts";
import { plural } from "../rules/shared/say.ts";

/** `41,203`. */
export function thousands(count: number): string {
  return grouped(count);
}

/**
 * The last line of every format, without control characters. It is never wrapped, so that `tail -n 1` gets all of it.
 * @param commandsShown true if the commands of the fixes were printed before it
 */
export function verdictLine(report: Report, commandsShown: boolean): string {
  const { findings, skipped, passed, stats } = report;
  const seconds = `${stats.seconds.toFixed(1)} s`;
  const entries = report.command === "lint" ? plural(stats.entries, "file") : plural(stats.entries, "entry", "entries");
  const held = (report.suppressed ?? 0) > 0 ? `${thousands(report.suppressed ?? 0)} suppressed` : "";
  if (report.verdict === "healthy")
    return `Healthy: ${[entries, plural(passed, "check"), held, seconds].filter((part) => part !== "").join(", ")}`;
  const counts = severities
    .map((severity) => countOf(findings, severity))
    .concat(held, skipped.length > 0 ? `${thousands(skipped.length)} skipped` : "", `${thousands(passed)} passed`)
    .filter((part) => part !== "")
    .join(", ");
  const label = report.verdict === "incomplete" ? "Incomplete: " : "";
  const fixable = findings.filter((finding) => finding.fixes.length > 0).length;
  const fix = fixable > 0 ? `. Fixable: ${thousands(fixable)}${commandsShown ? " (commands above)" : ""}` : "";
  return `${label}${counts}: ${entries} in ${seconds}${fix}`;
}

function countOf(findings: readonly Finding[], severity: Finding["severity"]): string {
  const count = findings.filter((finding) => finding.severity === severity).length;
  if (count === 0) return "";
  return severity === "advice" ? `${thousands(count)} advice` : plural(count, severity);
}

/** `Dockerfile:12:5`, or empty for what is written nowhere. */
export function place({ location }: Finding): string {
  return location === undefined ? "" : `${location.file}:${location.line}:${location.column}`;
}

/** `root:root`, or empty for what does not exist. */
export function ownership(path: { readonly owner: string; readonly group: string }): string {
  return path.owner === "" && path.group === "" ? "" : `${path.owner}:${path.group}`;
}

/** The paths that a reader sees, and how many more there are: three unless all are wanted. */
export function examples(finding: Finding, all: boolean): { shown: Finding["paths"]; more: number } {
  const shown = all ? finding.paths : finding.paths.slice(0, 3);
  return { shown, more: shown.length === 0 ? 0 : Math.max(finding.count, finding.paths.length) - shown.length };
}
