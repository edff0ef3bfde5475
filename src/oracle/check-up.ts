// A doctor's visit: the rules over the whole cache, or, for one project, over its modules and with what each go command would do.
import { type DiagnoseOptions, diagnose } from "../doctor/run.ts";
import { UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import type { CanAnswer } from "../finding/answer.ts";
import { asFinding, byHarm, type Report } from "../finding/finding.ts";
import { goCommands, type Operation } from "../gocache/operation.ts";
import type { MachineWorld } from "../host/world.ts";
import { allRules } from "../rules/all.ts";
import { goCommandFails, predictionFinding } from "../rules/go-command-fails.ts";
import { Oracle } from "./ask.ts";
import { placesOf } from "./project-modules.ts";

export interface CheckUpOptions extends Omit<DiagnoseOptions, "modules"> {
  /** Whether only the modules of the project are looked at. */
  readonly project: boolean;
}

/** @throws {UserError} if a project was asked about and there is none */
export async function checkUp(
  { facts, world, directory }: { facts: Facts; world: MachineWorld; directory: string },
  { project: forProject, ...options }: CheckUpOptions,
): Promise<Report> {
  if (!forProject) return diagnose({ ...facts, now: Date.now() }, allRules, options);
  const oracle = new Oracle(facts, world);
  const project = oracle.project(directory);
  if (project === undefined)
    throw new UserError(
      `there is no go.mod at or above ${directory}`,
      "name a directory of a Go module, or leave --for out to look at the whole cache",
    );
  const modules = oracle.modules(project);
  const answers = askEveryday(oracle, directory);
  const seen: Facts = {
    ...facts,
    now: Date.now(),
    project: { directory: project.directory, modules: modules.length, complete: oracle.isComplete(modules) },
  };
  const report = await diagnose(seen, allRules, { ...options, modules: placesOf(facts.cache.realPath, modules) });
  return withPredictions(report, answers, seen);
}

/** The commands of every day; the others can be asked about with `can`. */
function askEveryday(oracle: Oracle, directory: string): CanAnswer[] {
  const ask = (operation: Operation): CanAnswer => oracle.ask({ operation, directory });
  const test = ask("test");
  // go test needs all that go build needs, and more: where it works, there is nothing left to ask.
  const build = test.verdict === "yes" ? { ...test, operation: "build", goCommand: goCommands.build } : ask("build");
  return [build, test, ask("download")];
}

/** What go would do is said at the end; it is a finding of its own only if no rule has named the cause of the failure. */
function withPredictions(report: Report, answers: readonly CanAnswer[], facts: Facts): Report {
  const operations = answers.map(({ operation, verdict, reasons }) => ({
    operation,
    verdict,
    message: reasons[0]?.message ?? "",
  }));
  const failing = answers.filter(({ verdict }) => verdict === "no");
  const explained = report.findings.some(({ severity }) => severity === "error");
  if (failing.length === 0 || explained) return { ...report, operations };
  const finding = asFinding(goCommandFails, predictionFinding(failing, facts));
  return { ...report, operations, verdict: "findings", findings: [finding, ...report.findings].sort(byHarm) };
}
