// `sudo go …`: go as root leaves root's files in the caches of the user, or fills root's own.

import { meetsGoAgain } from "../github/job.ts";
import { goCommand } from "../golang/command.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import type { ShellCommand } from "../shell/command.ts";

type SudoKind = "dockerfile" | "shell" | "github-workflow" | "gitlab-ci" | "compose" | "devcontainer" | "tekton";

export const scriptSudoGo: LintRule<SudoKind> = {
  id: "script-sudo-go",
  severity: "warning",
  title: "go is run with sudo",
  kinds: ["dockerfile", "shell", "github-workflow", "gitlab-ci", "compose", "devcontainer", "tekton"],
  check: (model) =>
    ("jobs" in model ? model.commands.filter((one) => meetsGoAgain(one, model)) : model.commands).flatMap(draft),
};

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
