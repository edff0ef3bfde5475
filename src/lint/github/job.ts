// What can be asked about a job of a workflow.

import { goCommand } from "../golang/command.ts";
import { Remembered } from "../remembered.ts";
import type { ShellCommand } from "../shell/command.ts";
import { isHosted, type Job, type Step, type Workflow } from "./model.ts";

const known = new Remembered<Workflow, Map<number, Job>>();

/** The job that a command stands in. */
export function jobOf({ start }: ShellCommand, workflow: Workflow): Job | undefined {
  let jobs = known.get(workflow);
  if (jobs === undefined) {
    jobs = new Map();
    for (const job of workflow.jobs) for (const command of commandsIn(job)) jobs.set(command.start, job);
    known.set(workflow, jobs);
  }
  return jobs.get(start);
}

/** In the order in which they run. */
export function commandsIn({ steps }: Job): ShellCommand[] {
  return steps.flatMap((step) => step.commands);
}

/** An input of an action as a text; undefined if it is not given, or if an expression gives it. */
export function inputOf({ inputs }: Step, name: string): string | undefined {
  const field = inputs?.get(name);
  const value = field?.text() ?? field?.boolean()?.toString();
  return value?.includes("${{") === true ? undefined : value;
}

/** Where the last go command that is the user's own stands among those of a job. */
const lastOwn = new Remembered<Job, { order: ReadonlyMap<number, number>; last: number }>();

/**
 * True if what a command leaves in go's caches can be in the way of go as the user: on a machine that is thrown away, only a go command
 * that comes after it in the job.
 */
export function meetsGoAgain(command: ShellCommand, workflow: Workflow): boolean {
  const job = jobOf(command, workflow);
  if (job === undefined || !isHosted(job)) return true;
  let found = lastOwn.get(job);
  if (found === undefined) {
    const all = commandsIn(job);
    const last = all.findLastIndex((one) => {
      const go = goCommand(one);
      return one.as === undefined && go !== undefined && (go.fetches || go.compiles);
    });
    found = { order: new Map(all.map(({ start }, index) => [start, index])), last };
    lastOwn.set(job, found);
  }
  return (found.order.get(command.start) ?? -1) < found.last;
}
