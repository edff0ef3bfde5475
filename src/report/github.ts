// Annotations for GitHub Actions: workflow commands, which the runner reads from a step's output.
// GitHub shows ten annotations of a kind a step and drops the rest without a word, so we say ourselves what is left out.
import { byHarm, type Finding, type Report } from "../finding/finding.ts";
import type { RenderOptions } from "./options.ts";
import { pasteable, printable, workflowData, workflowProperty } from "./safe.ts";
import { examples, ownership, thousands, verdictLine } from "./verdict.ts";

const most = 9;
const commands = { error: "error", warning: "warning", advice: "notice" } as const;

/** Renders a report as at most nine annotations, the worst first, and a last one with the verdict. Every line is a command. */
export function github(report: Report, options: Pick<RenderOptions, "verbose">): string {
  const shown = [...report.findings].sort(byHarm).slice(0, most);
  const hidden = report.findings.length - shown.length;
  const rest = hidden > 0 ? `And ${thousands(hidden)} more (--format text shows them). ` : "";
  const lines = [
    ...shown.map((finding) => annotation(finding, options.verbose)),
    command("notice", property("title", `gomodcache ${report.command}`), rest + verdictLine(report, false)),
  ];
  return `${lines.join("\n")}\n`;
}

function annotation(finding: Finding, verbose: boolean): string {
  const { location } = finding;
  const properties = [property("title", finding.rule)];
  if (location !== undefined) {
    // A column is only taken for a range within one line (github.com/actions/runner, ActionCommandManager.cs).
    const { file, line, column, endLine, endColumn } = location;
    properties.push(property("file", file), property("line", String(line)), property("endLine", String(endLine)));
    if (line === endLine) properties.push(property("col", String(column)), property("endColumn", String(endColumn)));
  }
  return command(commands[finding.severity], properties.join(","), describe(finding, verbose));
}

function property(name: string, value: string): string {
  return `${name}=${workflowProperty(printable(value))}`;
}

function command(name: string, properties: string, message: string): string {
  return `::${name} ${properties}::${workflowData(message)}`;
}

function describe(finding: Finding, verbose: boolean): string {
  const { shown, more } = examples(finding, verbose);
  return [
    printable(finding.message),
    ...shown.map((path) => printable([path.path, ownership(path), path.mode].join(" ").trim())),
    ...(more > 0 ? [`and ${thousands(more)} more`] : []),
    ...(finding.why === undefined ? [] : [`Why: ${printable(finding.why)}`]),
    ...finding.fixes.map((fix) => {
      const unsafe = fix.disposition === "unsafe" ? " (unsafe)" : "";
      return `Fix${unsafe}: ${fix.command === "" ? printable(fix.title) : pasteable(fix.command)}`;
    }),
    `More: gomodcache explain ${printable(finding.rule)}`,
  ].join("\n");
}
