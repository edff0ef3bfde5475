// What can be asked about a job of a workflow.

import { Remembered } from "../remembered.ts";
import type { ShellCommand } from "../shell/command.ts";
import type { Job, Step, Workflow } from "./model.ts";

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
