// `verify`: the contents of the cache against hashes, zips and go.sum.
import type { Context } from "../context.ts";
import type { ExitStatus } from "../error.ts";
import type { Report } from "../finding/finding.ts";
import { startProgress } from "../ui/progress.ts";
import { projectContents } from "../verify/project.ts";
import { verify as verifyCache } from "../verify/run.ts";
import { readQuestion } from "./question.ts";
import { outputsOf, type ReportOptions, statusOf, writeReports } from "./reporting.ts";

export async function verify(options: ReportOptions, context: Context): Promise<ExitStatus> {
  // A mistake in -o is told before the work, not after it.
  const outputs = outputsOf(options);
  const { facts, world, directory } = readQuestion(options, context);
  const project = options.for === undefined ? undefined : projectContents(facts, world, directory);
  const progress = startProgress({
    stream: context.stderr,
    env: context.env,
    off: options.quiet === true || !options.progress,
    verb: "verifying",
    unit: ["module", "modules"],
  });
  let report: Report;
  try {
    report = await verifyCache(facts, {
      ...(project === undefined ? {} : { project: project.directory, modules: project.modules }),
      verbose: options.verbose === true,
      onProgress: (done, total, what) => progress.update(done, what, total),
    });
  } finally {
    progress.stop();
  }
  await writeReports(report, outputs, options, context);
  return statusOf(report, options);
}
