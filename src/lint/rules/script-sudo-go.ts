// `sudo go …`: go as root leaves root's files in the caches of the user, or fills root's own.

import { commandsIn, jobOf } from "../github/job.ts";
import { isHosted, type Job, type Workflow } from "../github/model.ts";
import { goCommand } from "../golang/command.ts";
import { Remembered } from "../remembered.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import type { ShellCommand } from "../shell/command.ts";

type SudoKind = "dockerfile" | "shell" | "github-workflow" | "gitlab-ci" | "compose" | "devcontainer" | "tekton";

export const scriptSudoGo: LintRule<SudoKind> = {
  id: "script-sudo-go",
  severity: "warning",
  title: "go is run with sudo",
  kinds: ["dockerfile", "shell", "github-workflow", "gitlab-ci", "compose", "devcontainer", "tekton"],
  check: (model) =>
    ("jobs" in model ? model.commands.filter((one) => hurts(one, model)) : model.commands).flatMap(draft),
};

/** Where the last go command that is the user's own stands among those of a job. */
const lastOwn = new Remembered<Job, { order: ReadonlyMap<number, number>; last: number }>();

/** On a machine that is thrown away it hurts only a go command that comes after it, as the user. */
function hurts(command: ShellCommand, workflow: Workflow): boolean {
  const job = jobOf(command, workflow);
  if (job === undefined || !isHosted(job)) return true;
  let known = lastOwn.get(job);
  if (known === undefined) {
    const all = commandsIn(job);
    const last = all.findLastIndex((one) => {
      const go = goCommand(one);
      return one.as === undefined && go !== undefined && (go.fetches || go.compiles);
    });
    known = { order: new Map(all.map(({ start }, index) => [start, index])), last };
    lastOwn.set(job, known);
  }
  return (known.order.get(command.start) ?? -1) < known.last;
}

function draft(command: ShellCommand): LintDraft[] {
  const go = goCommand(command);
  const { as } = command;
  // What only asks writes nothing: go version, go env.
  if (go === undefined || !(go.fetches || go.compiles) || as?.by !== "sudo" || !/^(root|0)$/.test(as.user)) return [];
  return [
    {
      message: `sudo go ${go.verb} runs go as root: what it leaves in the module cache and the build cache is root's, and the user's next go command fails on it`,
      at: { start: as.at.start, end: command.end },
      why: "Where sudo keeps HOME, or GOMODCACHE and GOCACHE with -E, root writes into the user's caches: later permission denied comes from lock files and directories of root. Where it does not, everything is downloaded and compiled a second time",
      fixes: [
        {
          title: "Run go as the user, and let sudo only put the result in place (sudo install -m 755 …)",
          disposition: "unsafe",
          edits: [{ start: as.at.start, end: as.at.end, text: "" }],
        },
      ],
    },
  ];
}
