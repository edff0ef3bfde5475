// GitHub-flavoured Markdown, for a job's step summary or an issue.
import type { Finding, Report } from "../finding/finding.ts";
import type { RenderOptions } from "./options.ts";
import { markdown as escaped, markdownCode, markdownCommand } from "./safe.ts";
import { examples, ownership, place, thousands, verdictLine } from "./verdict.ts";

/** Renders a report as Markdown: the verdict first, since a summary is read from its top, then each finding. */
export function markdown(report: Report, options: Pick<RenderOptions, "version" | "verbose">): string {
  const context = report.context.map(escaped).join(", ");
  const parts = [
    `## gomodcache ${escaped(report.command)}: ${markdownCode(report.target)}`,
    `**${escaped(verdictLine(report, false))}**`,
    ...report.findings.map((finding) => section(finding, options.verbose)),
    operations(report),
    skipped(report),
    `gomodcache ${escaped(options.version)}${context === "" ? "" : ` (${context})`}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section(finding: Finding, verbose: boolean): string {
  const { shown, more } = examples(finding, verbose);
  const paths = shown.map((path) => {
    const parts = [markdownCode(path.path), escaped(ownership(path)), path.mode === "" ? "" : markdownCode(path.mode)];
    return `- ${parts.filter((part) => part !== "").join(" ")}`;
  });
  if (more > 0) paths.push(`- and ${thousands(more)} more`);
  const doubt = finding.confidence === "likely" ? " (likely)" : "";
  const parts = [
    `### ${finding.severity}: ${escaped(finding.rule)}`,
    finding.location === undefined ? "" : markdownCode(place(finding)),
    escaped(finding.message) + doubt,
    paths.join("\n"),
    finding.why === undefined ? "" : `**Why:** ${escaped(finding.why)}`,
    ...finding.fixes.map((fix) => {
      const label = fix.disposition === "unsafe" ? "Fix (unsafe)" : "Fix";
      return [
        `**${label}:** ${escaped(fix.title)}`,
        ...(fix.command === "" ? [] : [markdownCommand(fix.command)]),
      ].join("\n\n");
    }),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function operations(report: Report): string {
  if (report.operations === undefined || report.operations.length === 0) return "";
  const rows = report.operations.map(
    ({ operation, verdict, message }) => `| ${escaped(operation)} | ${verdict} | ${escaped(message)} |`,
  );
  return ["| go command | verdict | reason |", "| --- | --- | --- |", ...rows].join("\n");
}

function skipped(report: Report): string {
  if (report.skipped.length === 0) return "";
  const rows = report.skipped.map(({ rule, reason }) => `- ${escaped(rule)}: ${escaped(reason)}`);
  return ["### skipped", "", ...rows].join("\n");
}
