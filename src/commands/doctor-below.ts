// `doctor --below DIR`: the module caches below a directory, one after the other, in one report; what a hook before a commit asks.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { cachesBelow } from "../checkout/below.ts";
import type { Context } from "../context.ts";
import { UserError } from "../error.ts";
import { byHarm, type Finding, type Report, type Skipped, verdictOf } from "../finding/finding.ts";
import { show } from "../host/bytes.ts";
import { checkUp } from "../oracle/check-up.ts";
import { cacheInWorkTree } from "../rules/cache-in-work-tree.ts";
import { readQuestion } from "./question.ts";
import type { ReportOptions } from "./reporting.ts";

/** The name under which directories that could not be looked at stand among the skipped rules. */
const belowId = "below";

/** @throws {UserError} if the directory is not there, or options do not go together */
export async function reportBelow(
  below: string,
  options: ReportOptions,
  settings: Omit<Parameters<typeof checkUp>[1], "project">,
  context: Context,
): Promise<Report> {
  if (options.cacheDir !== undefined || options.for !== undefined)
    throw new UserError("--below does not go with --cache-dir or --for", "--below finds the caches itself");
  const root = resolve(context.cwd, options.C ?? ".", below);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UserError(`--below ${show(below)} is no directory`, "name a directory, such as --below .");
  const { caches, closed, complete } = cachesBelow(root);
  const skipped: Skipped[] = closed.map((path) => ({
    rule: belowId,
    reason: `${show(path)} could be a module cache, and you may not list it`,
  }));
  if (!complete) skipped.push({ rule: belowId, reason: "there are too many directories: not all were looked at" });
  const findings: Finding[] = [];
  let passed = 0;
  let entries = 0;
  let seconds = 0;
  for (const cacheDir of caches) {
    const report = await checkUp(readQuestion({ ...options, cacheDir }, context), { ...settings, project: false });
    findings.push(...report.findings.filter((finding) => isAbout(finding, show(cacheDir))));
    skipped.push(...report.skipped);
    passed += report.passed;
    entries += report.stats.entries;
    seconds += report.stats.seconds;
  }
  return {
    command: "doctor",
    target: show(root),
    context: [`${caches.length} module ${caches.length === 1 ? "cache" : "caches"} below it`],
    verdict: verdictOf(findings, skipped),
    findings: findings.sort(byHarm),
    skipped,
    passed,
    stats: { entries, seconds },
  };
}

/**
 * Not what is wrong with the machine around: that is doctor's without --below. That the caches are in a work tree is what was asked
 * about; whether git ignores them is lint's to say.
 */
function isAbout({ rule, paths }: Finding, cache: string): boolean {
  if (rule === cacheInWorkTree.id) return false;
  return paths.some(({ path }) => path === cache || path.startsWith(`${cache}/`));
}
