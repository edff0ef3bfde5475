// `doctor`: facts, a walk, all rules, a report in one format or several.

import type { Context } from "../context.ts";
import type { ExitStatus } from "../error.ts";
import type { Report } from "../finding/finding.ts";
import { checkUp } from "../oracle/check-up.ts";
import { startProgress } from "../ui/progress.ts";
import { readQuestion } from "./question.ts";
import { outputsOf, type ReportOptions, statusOf, writeReports } from "./reporting.ts";
import { expectShortRun } from "./short-run.ts";

interface DoctorOptions extends ReportOptions {
  readonly allMounts?: boolean;
  readonly everyAcl?: boolean;
  readonly below?: string;
}

export async function doctor(options: DoctorOptions, context: Context): Promise<ExitStatus> {
  // A mistake in -o is told before the work, not after it.
  const outputs = outputsOf(options);
  if (options.for !== undefined) expectShortRun();
  const question = options.below === undefined ? readQuestion(options, context) : undefined;
  const progress = startProgress({
    stream: context.stderr,
    env: context.env,
    off: options.quiet === true || !options.progress,
    verb: "looking at",
  });
  let report: Report;
  try {
    const settings = {
      verbose: options.verbose === true,
      crossMounts: options.allMounts === true,
      everyAcl: options.everyAcl === true,
      onProgress: (entries: number, path: string) => progress.update(entries, path),
    };
    if (question !== undefined) report = await checkUp(question, { ...settings, project: options.for !== undefined });
    else {
      const { reportBelow } = await import("./doctor-below.ts");
      report = await reportBelow(options.below as string, options, settings, context);
    }
  } finally {
    progress.stop();
  }
  await writeReports(report, outputs, options, context);
  return statusOf(report, options);
}
