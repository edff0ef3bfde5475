// rm -rf of the module cache: without root it stops at directories that Go made read-only, and half of the cache is left.

import { jobOf } from "../github/job.ts";
import { cacheIn, type PlacedCommand, placedCommands } from "../golang/scripted.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { argumentsOf, hasOption, programOf } from "../shell/command.ts";

export const scriptCacheRemovedByHand: LintRule<"shell" | "github-workflow"> = {
  id: "script-cache-removed-by-hand",
  severity: "warning",
  title: "the module cache is deleted without go clean",
  kinds: ["shell", "github-workflow"],
  check: (model) => {
    // In a container root deletes what root has made.
    const commands = placedCommands(model).filter(
      ({ command }) => !("jobs" in model) || jobOf(command, model)?.container === undefined,
    );
    return commands.flatMap((placed) => draft(placed, commands));
  },
};

function draft(placed: PlacedCommand, all: readonly PlacedCommand[]): LintDraft[] {
  const { command } = placed;
  const { options, operands } = argumentsOf(command);
  if (programOf(command) !== "rm" || !(hasOption(options, "r", "recursive") || hasOption(options, "R", "recursive")))
    return [];
  const caches = operands.filter(
    (word) =>
      /(^|\/)pkg\/mod\/?\*?$|GOMODCACHE\}?\)?`?\/?\*?$|GOMODCACHE[:}]/.test(word.value) &&
      cacheIn(placed, word) === "GOMODCACHE",
  );
  const [first] = caches;
  if (first === undefined || madeWritable(placed, all)) return [];
  const isRoot = /^(root|0)$/.test(command.as?.user ?? "");
  const only = caches.length === operands.length;
  return [
    {
      message: isRoot
        ? `rm -rf ${first.value} as root pulls the cache away from under go commands that run, of every user`
        : `rm -rf ${first.value} stops at directories that Go made read-only, and leaves half a cache behind`,
      at: command,
      why: "Extracted modules are 0555: nobody but root can delete what is in them without a chmod. go clean -modcache does both",
      fixes:
        only && !isRoot && /\$|^~/.test(first.value)
          ? [
              {
                title: "Let go do it",
                disposition: "safe",
                edits: [{ start: command.start, end: command.end, text: "go clean -modcache" }],
              },
            ]
          : [{ title: "Use go clean -modcache, as the owner of the cache", disposition: "safe" }],
    },
  ];
}

function madeWritable({ command }: PlacedCommand, all: readonly PlacedCommand[]): boolean {
  return all.some(
    (other) =>
      other.command.start < command.start &&
      /^(chmod|find)$/.test(programOf(other.command)) &&
      other.command.words.some((word) => cacheIn(other, word) !== undefined),
  );
}
