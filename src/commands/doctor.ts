// `doctor`: facts, a walk, all rules, a report in one format or several.

import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus } from "../error.ts";
import { type Report, type Severity, severities } from "../finding/finding.ts";
import { checkUp } from "../oracle/check-up.ts";
import { type FormatName, render } from "../report/formats.ts";
import { parseOutput, writeReport, writeStream } from "../ui/output.ts";
import { startProgress } from "../ui/progress.ts";
import { readQuestion } from "./question.ts";
import { type CommonOptions, renderOptions } from "./terminal.ts";

export interface DoctorOptions extends CommonOptions {
  readonly for?: string;
  readonly allMounts?: boolean;
  readonly everyAcl?: boolean;
  readonly format: FormatName;
  readonly output: readonly string[];
  readonly failOn?: Severity | "never";
  readonly exitZero?: boolean;
  /** False for --no-progress. */
  readonly progress: boolean;
}

export async function doctor(options: DoctorOptions, context: Context): Promise<ExitStatus> {
  const format = options.json === true ? "json" : options.format;
  // A mistake in -o is told before the work, not after it.
  const outputs = options.output.map(parseOutput);
  const question = readQuestion(options, context);
  const progress = startProgress({
    stream: context.stderr,
    env: context.env,
    off: options.quiet === true || !options.progress,
    verb: "looking at",
  });
  let report: Report;
  try {
    report = await checkUp(question, {
      project: options.for !== undefined,
      verbose: options.verbose === true,
      crossMounts: options.allMounts === true,
      everyAcl: options.everyAcl === true,
      onProgress: (entries, path) => progress.update(entries, path),
    });
  } finally {
    progress.stop();
  }
  const rendering = renderOptions(options, context);
  for (const { file, format: own } of outputs) {
    const text = await render(report, own ?? format, { ...rendering, colour: false });
    if (file === "-") await writeStream(context.stdout, text);
    else writeReport(file, text);
  }
  if (!outputs.some(({ file }) => file === "-"))
    await writeStream(context.stdout, await render(report, format, rendering));
  return statusOf(report, options, format);
}

/** SARIF is for a service that counts findings itself, so without --fail-on it does not fail the step. */
function statusOf(report: Report, options: DoctorOptions, format: FormatName): ExitStatus {
  if (options.exitZero === true) return exitStatus.ok;
  if (format === "sarif" && options.failOn === undefined) return exitStatus.ok;
  const failOn = options.failOn ?? "error";
  const bound = failOn === "never" ? -1 : severities.indexOf(failOn);
  if (report.findings.some(({ severity }) => severities.indexOf(severity) <= bound)) return exitStatus.findings;
  return report.skipped.length > 0 ? exitStatus.incomplete : exitStatus.ok;
}
