// The module cache is deleted in a later layer than the one that holds it: the image does not get smaller.
import { fetchesBefore, isMounted } from "../dockerfile/fetched.ts";
import { isFinal } from "../dockerfile/history.ts";
import type { Dockerfile } from "../dockerfile/model.ts";
import { goCommand, hasFlag } from "../golang/command.ts";
import { cacheIn, type PlacedCommand, placedCommands } from "../golang/scripted.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { argumentsOf, programOf } from "../shell/command.ts";

export const dockerfileCleanInLaterLayer: LintRule<"dockerfile"> = {
  id: "dockerfile-clean-in-later-layer",
  severity: "advice",
  title: "the module cache is deleted in a later layer than the one that holds it",
  kinds: ["dockerfile"],
  check: (model) => placedCommands(model).flatMap((placed) => ofCommand(placed, model)),
};

function ofCommand(placed: PlacedCommand, model: Dockerfile): LintDraft[] {
  const { command, step, places } = placed;
  const modules = places?.modules;
  if (step?.instruction.keyword !== "RUN" || modules === undefined || isMounted(modules, step)) return [];
  if (!deletes(placed) || !isFinal(step.stage, model.stages)) return [];
  const filled = fetchesBefore(step, modules, command);
  // What this instruction has downloaded itself is gone with it.
  if (filled.length === 0 || filled.some((fetch) => fetch.step === step)) return [];
  return [
    {
      message: `${modules} is deleted in a later layer than the download, so the image stays as large as it was`,
      at: command,
      why: "A layer only hides what the layers before it hold",
      fixes: [
        {
          title:
            "Use RUN --mount=type=cache for the download, delete in the same instruction, or copy the program into a stage without go",
          disposition: "safe",
        },
      ],
    },
  ];
}

function deletes(placed: PlacedCommand): boolean {
  const { command } = placed;
  const go = goCommand(command);
  if (go !== undefined) return go.verb === "clean" && hasFlag(go, "modcache");
  return (
    programOf(command) === "rm" &&
    argumentsOf(command).operands.some((word) => /^(GOMODCACHE|GOPATH)$/.test(cacheIn(placed, word) ?? ""))
  );
}
