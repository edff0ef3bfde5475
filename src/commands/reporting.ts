// What the commands that end in a report share: where it goes, in which formats, and the exit status.
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus } from "../error.ts";
import { type Report, type Severity, severities } from "../finding/finding.ts";
import { type FormatName, render } from "../report/formats.ts";
import { type OutputTarget, parseOutput, writeReport, writeStream } from "../ui/output.ts";
import { type CommonOptions, renderOptions } from "./terminal.ts";

export interface ReportOptions extends CommonOptions {
  readonly for?: string;
  readonly format: FormatName;
  readonly output: readonly string[];
  readonly failOn?: Severity | "never";
  readonly exitZero?: boolean;
  /** False for --no-progress. */
  readonly progress: boolean;
}

/** The targets of `-o`. @throws {UserError} for one that is malformed */
export function outputsOf(options: ReportOptions): OutputTarget[] {
  return options.output.map(parseOutput);
}

/** Writes the report to its files, and to standard output unless a target is `-`. */
export async function writeReports(
  report: Report,
  outputs: readonly OutputTarget[],
  options: ReportOptions,
  context: Context,
): Promise<void> {
  const format = formatOf(options);
  const rendering = renderOptions(options, context);
  for (const { file, format: own } of outputs) {
    const text = await render(report, own ?? format, { ...rendering, colour: false });
    if (file === "-") await writeStream(context.stdout, text);
    else writeReport(file, text);
  }
  if (!outputs.some(({ file }) => file === "-"))
    await writeStream(context.stdout, await render(report, format, rendering));
}

/** SARIF is for a service that counts findings itself, so without --fail-on it does not fail the step. */
export function statusOf(report: Report, options: ReportOptions): ExitStatus {
  if (options.exitZero === true) return exitStatus.ok;
  if (formatOf(options) === "sarif" && options.failOn === undefined) return exitStatus.ok;
  const failOn = options.failOn ?? "error";
  const bound = failOn === "never" ? -1 : severities.indexOf(failOn);
  if (report.findings.some(({ severity }) => severities.indexOf(severity) <= bound)) return exitStatus.findings;
  return report.skipped.length > 0 ? exitStatus.incomplete : exitStatus.ok;
}

function formatOf(options: ReportOptions): FormatName {
  return options.json === true ? "json" : options.format;
}
