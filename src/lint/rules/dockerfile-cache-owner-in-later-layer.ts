// chown -R or chmod -R of the module cache in a later layer than the one that holds it: every file is stored a second time.
import { fetchesBefore, isMounted } from "../dockerfile/fetched.ts";
import { isFinal, stepsBefore } from "../dockerfile/history.ts";
import type { Dockerfile, Step } from "../dockerfile/model.ts";
import { appended, withoutInstruction } from "../dockerfile/write.ts";
import { cacheIn, type PlacedCommand, placedCommands } from "../golang/scripted.ts";
import type { LintDraft, LintFix, LintRule } from "../rule.ts";
import { argumentsOf, hasOption, programOf } from "../shell/command.ts";

export const dockerfileCacheOwnerInLaterLayer: LintRule<"dockerfile"> = {
  id: "dockerfile-cache-owner-in-later-layer",
  severity: "warning",
  title: "owners or modes of the module cache are changed in a later layer",
  kinds: ["dockerfile"],
  check: (model) => placedCommands(model).flatMap((placed) => ofCommand(placed, model)),
};

function ofCommand(placed: PlacedCommand, model: Dockerfile): LintDraft[] {
  const { command, step, places } = placed;
  const modules = places?.modules;
  if (step?.instruction.keyword !== "RUN" || modules === undefined || isMounted(modules, step)) return [];
  if (!/^(chown|chmod|chgrp)$/.test(programOf(command))) return [];
  const { options, operands } = argumentsOf(command);
  if (!hasOption(options, "R", "recursive")) return [];
  // Mode 777 is a finding of its own, whichever layer it is in.
  if (programOf(command) === "chmod" && /^[0-7]*7$/.test(operands[0]?.value ?? "")) return [];
  const named = operands.some((word) => /^(GOMODCACHE|GOPATH)$/.test(cacheIn(placed, word) ?? ""));
  const filled = fetchesBefore(step, modules).filter(
    (fetch) => fetch.step !== step && stepsBefore(step).includes(fetch.step),
  );
  if (!named || filled.length === 0) return [];
  const pushed = isFinal(step.stage, model.stages);
  return [
    {
      message: `${programOf(command)} -R of ${modules} in a later layer than the download stores every file of the cache a second time`,
      at: command,
      why: "A layer is a set of files: overlay file systems copy a file up as soon as its owner or mode is touched, even if nothing changes",
      severity: pushed ? "warning" : "advice",
      fixes: [
        fixOf(
          step,
          filled.map((fetch) => fetch.step),
          model,
        ),
      ],
    },
  ];
}

/** The command is moved to the end of the instruction that fills the cache, if it is alone and its owner is a number. */
function fixOf(step: Step, filled: readonly Step[], model: Dockerfile): LintFix {
  const title = "Do it at the end of the instruction that downloads, or download as the user who will use the cache";
  const [command, ...others] = step.commands;
  const from = new Set(filled);
  const [source] = from;
  if (
    command === undefined ||
    others.length > 0 ||
    from.size !== 1 ||
    source === undefined ||
    source.stage !== step.stage
  )
    return { title, disposition: "safe" };
  const text = model.file.text.slice(command.start, command.end);
  const rootThen = source.user?.root === true && step.user?.root === true;
  const plain =
    !/[\n#;|&]/.test(text) && step.instruction.flags.length === 0 && /\s\d+(:\d+)?\s|\schmod|^chmod/.test(text);
  const edit = appended(source, text);
  if (!rootThen || !plain || edit === undefined) return { title, disposition: "safe" };
  return { title, disposition: "safe", edits: [edit, withoutInstruction(model, step)] };
}
