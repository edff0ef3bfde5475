// One line a finding, for grep, for editors and for small windows: `severity rule: message [count] path`, or where it is written in a
// file: `file:line:column: severity rule: message`, which editors jump to.
import type { Report } from "../finding/finding.ts";
import { printable } from "./safe.ts";
import { place, verdictLine } from "./verdict.ts";

/** Renders a report as lines; the last is the verdict. */
export function compact(report: Report): string {
  const findings = report.findings.map((finding) => {
    const { severity, rule, message, count, paths, location } = finding;
    const sentence = `${severity} ${printable(rule)}: ${printable(message)}`;
    if (location !== undefined) return `${printable(place(finding))}: ${sentence}`;
    const path = paths[0] === undefined ? "" : ` ${printable(paths[0].path)}`;
    return `${sentence} [${count}]${path}`;
  });
  const skipped = report.skipped.map(({ rule, reason }) => `skipped ${printable(rule)}: ${printable(reason)}`);
  return `${[...findings, ...skipped, verdictLine(report, false)].join("\n")}\n`;
}
