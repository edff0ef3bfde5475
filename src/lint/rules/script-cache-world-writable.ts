// chmod 777 on go's caches or GOPATH: every user can put code into the builds of all others.
import { cacheIn, type PlacedCommand, placedCommands } from "../golang/scripted.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { argumentsOf, programOf } from "../shell/command.ts";

export const scriptCacheWorldWritable: LintRule<
  "dockerfile" | "shell" | "github-workflow" | "gitlab-ci" | "compose" | "devcontainer"
> = {
  id: "script-cache-world-writable",
  severity: "warning",
  title: "everybody is let write into go's caches",
  kinds: ["dockerfile", "shell", "github-workflow", "gitlab-ci", "compose", "devcontainer"],
  check: (model) => placedCommands(model).flatMap(draft),
};

function draft(placed: PlacedCommand): LintDraft[] {
  const { command } = placed;
  if (programOf(command) !== "chmod") return [];
  const words = argumentsOf(command);
  const [mode, ...paths] = words.operands;
  if (mode === undefined || !letsEverybodyWrite(mode.value)) return [];
  const path = paths.find((word) => cacheIn(placed, word) !== undefined);
  if (path === undefined) return [];
  return [
    {
      message: `chmod ${mode.value} lets every user write into ${path.value}: whoever can, can change the code that others build`,
      at: command,
      why: "go does not hash again what is in the module cache, and it does not check its build cache at all. It also takes away Go's own write protection of extracted modules",
      fixes: [
        {
          title:
            "Give the cache to the user who builds, or to a group: gomodcache init --cache-dir DIR --owner UID, or --contract group --group NAME",
          disposition: "safe",
        },
      ],
    },
  ];
}

/** The sticky bit makes a common directory like /tmp of it, where nobody can replace what others have made. */
function letsEverybodyWrite(mode: string): boolean {
  if (/^[0-7]{3,4}$/.test(mode)) {
    const bits = Number.parseInt(mode, 8);
    return (bits & 0o002) !== 0 && (bits & 0o1000) === 0;
  }
  const clauses = mode.split(",");
  return clauses.some((clause) => /^(a|[ugo]*o[ugo]*|ugo)[+=][rwxXst]*w/.test(clause)) && !/t/.test(mode);
}
