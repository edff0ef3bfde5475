// `lint [FILE…]`: the files of a repository, past the lint rules, to a report; with --fix, edited in place first.
import { isAbsolute, relative, resolve, sep } from "node:path";
import { readRepository } from "../checkout/caches.ts";
import { findWorkTree } from "../checkout/git.ts";
import { type Checkout, listCheckout } from "../checkout/list.ts";
import { type LookOptions, look as lookAtFiles } from "../checkout/look.ts";
import { type ReadFile, readFile } from "../checkout/read.ts";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { type Report, type Skipped, verdictOf } from "../finding/finding.ts";
import { allLintRules } from "../lint/all.ts";
import { fileId, type LintResult } from "../lint/run.ts";
import { writeStream } from "../ui/output.ts";
import { applyFixes, dryRun } from "./lint-fix.ts";
import { outputsOf, type ReportOptions, statusOf, writeReports } from "./reporting.ts";

interface Options extends ReportOptions {
  readonly fix?: boolean;
  readonly unsafe?: boolean;
  readonly dryRun?: boolean;
  readonly only: readonly string[];
}

/** @throws {UserError} for an unknown rule, a file that is not there, or options that do not go together */
export async function lint(names: readonly string[], options: Options, context: Context): Promise<ExitStatus> {
  const outputs = outputsOf(options);
  if (options.dryRun === true && options.fix !== true)
    throw new UserError("--dry-run goes with --fix", "without --fix lint only reads");
  if (options.unsafe === true && options.fix !== true)
    throw new UserError("--unsafe goes with --fix", "add --fix to change files");
  const began = performance.now();
  const directory = resolve(context.cwd, options.C ?? ".");
  const checkout = names.length > 0 ? named(names, directory) : listCheckout(directory, context);
  const { files, skipped } = readAll(checkout, names.length > 0);
  const repository = readRepository(checkout, context);
  if (repository !== undefined && "failed" in repository) skipped.push({ rule: fileId, reason: repository.failed });
  const settings = settingsOf(options, checkout, repository);
  const look = (): Promise<LintResult> => lookAtFiles([...files.values()], settings);
  let result = await look();
  if (options.fix === true && options.dryRun === true) {
    await writeStream(context.stdout, dryRun(result.findings, files, options.unsafe === true));
    return exitStatus.ok;
  }
  if (options.fix === true) {
    const fixed = await applyFixes(result, files, checkout.root, options.unsafe === true, look);
    result = fixed.result;
    skipped.push(...fixed.refused);
    for (const line of fixed.told) context.stderr.write(`${line}\n`);
  }
  const allSkipped = [...skipped, ...result.skipped];
  const report: Report = {
    command: "lint",
    target: checkout.root,
    context: [names.length > 0 ? "the files that were named" : checkout.tracked ? "what git tracks" : "every file"],
    verdict: verdictOf(result.findings, allSkipped),
    findings: result.findings,
    skipped: allSkipped,
    passed: result.passed,
    suppressed: result.suppressed,
    stats: { entries: result.files, seconds: (performance.now() - began) / 1000 },
  };
  await writeReports(report, outputs, options, context);
  return statusOf(report, options);
}

/** Files that were named: they must be there, and are looked at whether git tracks them or not. */
function named(names: readonly string[], directory: string): Checkout {
  const root = findWorkTree(directory)?.directory ?? directory;
  const candidates = names.map((name) => {
    const path = relative(root, resolve(directory, name));
    return path.startsWith("..") || isAbsolute(path) ? resolve(directory, name) : path.split(sep).join("/");
  });
  return { root, candidates: [...new Set(candidates)] };
}

function readAll(checkout: Checkout, wereNamed: boolean): { files: Map<string, ReadFile>; skipped: Skipped[] } {
  const files = new Map<string, ReadFile>();
  const skipped: Skipped[] = checkout.problem === undefined ? [] : [{ rule: fileId, reason: checkout.problem }];
  for (const path of checkout.candidates) {
    const outside = isAbsolute(path);
    const file = readFile(outside ? "/" : checkout.root, path);
    if (!("unread" in file)) files.set(path, file);
    else if (wereNamed && file.unread === "it is not there")
      throw new UserError(`${path}: there is no such file`, "name files of this repository, or none for all of them");
    else skipped.push({ rule: fileId, reason: `${path}: ${file.unread}` });
  }
  return { files, skipped };
}

function settingsOf({ only }: Options, { root }: Checkout, repository: ReturnType<typeof readRepository>): LookOptions {
  const unknown = only.find((id) => !allLintRules.some((rule) => rule.id === id));
  if (unknown !== undefined)
    throw new UserError(`there is no lint rule "${unknown}"`, "gomodcache explain lists the rules");
  return {
    root,
    ...(only.length > 0 ? { only: new Set(only) } : {}),
    ...(repository === undefined || "failed" in repository ? {} : { repository }),
  };
}
