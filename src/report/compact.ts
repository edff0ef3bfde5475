// One line a finding, for grep, for editors and for small windows: `severity rule: message [count] path`.
import type { Report } from "../finding/finding.ts";
import { printable } from "./safe.ts";
import { verdictLine } from "./verdict.ts";

/** Renders a report as lines; the last is the verdict. */
export function compact(report: Report): string {
  const findings = report.findings.map(({ severity, rule, message, count, paths }) => {
    const path = paths[0] === undefined ? "" : ` ${printable(paths[0].path)}`;
    return `${severity} ${printable(rule)}: ${printable(message)} [${count}]${path}`;
  });
  const skipped = report.skipped.map(({ rule, reason }) => `skipped ${printable(rule)}: ${printable(reason)}`);
  return `${[...findings, ...skipped, verdictLine(report, false)].join("\n")}\n`;
}
