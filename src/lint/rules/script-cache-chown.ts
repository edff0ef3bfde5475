// chown -R of the module cache in a script: it rewrites what is right too, follows an attacker's exchange, and comes back.

import { jobOf } from "../github/job.ts";
import { isHosted, type Workflow } from "../github/model.ts";
import { cacheIn, type PlacedCommand, placedCommands } from "../golang/scripted.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { argumentsOf, hasOption, programOf, type ShellCommand, type ShellWord } from "../shell/command.ts";

export const scriptCacheChown: LintRule<"shell" | "github-workflow"> = {
  id: "script-cache-chown",
  severity: "advice",
  title: "owners of the module cache are changed with chown -R",
  kinds: ["shell", "github-workflow"],
  check: (model) =>
    placedCommands(model)
      .filter(({ command }) => !("jobs" in model) || staysBehind(command, model))
      .flatMap(draft),
};

function draft(placed: PlacedCommand): LintDraft[] {
  const { command } = placed;
  const { options, operands } = argumentsOf(command);
  if (programOf(command) !== "chown" || !hasOption(options, "R", "recursive")) return [];
  const [owner, ...paths] = operands as [ShellWord | undefined, ...ShellWord[]];
  const path = paths.find((word) => /^(GOMODCACHE|GOPATH)$/.test(cacheIn(placed, word) ?? ""));
  if (owner === undefined || path === undefined) return [];
  return [
    {
      message: `chown -R ${owner.value} ${path.value} cures the symptom: whoever ran go there as another user will do so again`,
      at: command,
      why: "It touches every file whether it is wrong or not, cannot be taken back, and as root it trusts a tree that another user may rearrange while it runs",
      fixes: [
        {
          title: "Change only what is wrong, so that it can be undone",
          disposition: "safe",
          command: "sudo gomodcache init --deep --cache-dir DIR --owner UID:GID",
        },
      ],
    },
  ];
}

/** A machine of GitHub's is thrown away, and a container's own files with it; where an action's caller runs it nobody knows. */
function staysBehind(command: ShellCommand, workflow: Workflow): boolean {
  const job = jobOf(command, workflow);
  return job !== undefined && !isHosted(job) && !job.composite && job.container === undefined;
}
