// JSON Lines: one finding a line, then one summary. For streams and for `jq -c`.
import type { Report } from "../finding/finding.ts";
import { documentHead, findingFields } from "./json.ts";
import type { RenderOptions } from "./options.ts";
import { jsonText } from "./safe.ts";

/** Renders a report as lines, each a JSON object whose `type` is `finding` or, on the last, `summary`. */
export function jsonl(report: Report, options: Pick<RenderOptions, "version">): string {
  const count = (severity: string): number => report.findings.filter((one) => one.severity === severity).length;
  const summary = {
    type: "summary",
    ...documentHead(report.command, options),
    target: report.target,
    verdict: report.verdict,
    errors: count("error"),
    warnings: count("warning"),
    advice: count("advice"),
    passed: report.passed,
    skipped: report.skipped,
    ...(report.suppressed === undefined ? {} : { suppressed: report.suppressed }),
    ...(report.operations === undefined ? {} : { operations: report.operations }),
    stats: report.stats,
  };
  const lines = [...report.findings.map((finding) => ({ type: "finding", ...findingFields(finding) })), summary];
  return lines.map((line) => `${jsonText(line, 0)}\n`).join("");
}
