// chmod takes Go's write protection from the extracted modules: `find … -exec chmod 644`, `chmod -R u+w $GOMODCACHE`.
import { cacheIn, type PlacedCommand, placedCommands } from "../golang/scripted.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { argumentsOf, hasOption, programOf, type ShellWord } from "../shell/command.ts";

export const scriptCacheWriteProtection: LintRule<"dockerfile" | "shell"> = {
  id: "script-cache-write-protection",
  severity: "warning",
  title: "Go's write protection of the module cache is taken away",
  kinds: ["dockerfile", "shell"],
  check: (model) => {
    const commands = placedCommands(model);
    return commands.flatMap((placed) => (isDeletedAfter(placed, commands) ? [] : draft(placed)));
  },
};

function draft(placed: PlacedCommand): LintDraft[] {
  const { command } = placed;
  const found =
    programOf(command) === "find" ? byFind(placed) : programOf(command) === "chmod" ? byChmod(placed) : undefined;
  if (found === undefined) return [];
  return [
    {
      message: `chmod ${found.mode} on ${found.path.value} takes Go's write protection from the sources of all modules, and leaves owners and directories, where refusals come from, as they are`,
      at: command,
      why: "Go makes extracted modules 0444 and 0555 so that no editor or test changes them unseen. Of toolchains in the cache it also takes the right to be executed",
      fixes: [
        {
          title: "Repair what departs from a contract, and nothing else",
          disposition: "safe",
          command: "gomodcache fix --dry-run",
        },
      ],
    },
  ];
}

interface Found {
  readonly mode: string;
  readonly path: ShellWord;
}

/** chmod -R with write permission for the owner or the group; 777 is another finding. */
function byChmod(placed: PlacedCommand): Found | undefined {
  const { options, operands } = argumentsOf(placed.command);
  const [mode, ...paths] = operands;
  if (mode === undefined || !hasOption(options, "R", "recursive") || !givesWrite(mode.value)) return undefined;
  const path = paths.find((word) => /^(GOMODCACHE|GOPATH)$/.test(cacheIn(placed, word) ?? ""));
  return path === undefined ? undefined : { mode: mode.value, path };
}

function byFind(placed: PlacedCommand): Found | undefined {
  const { words } = placed.command;
  const path = words.slice(1).find((word) => /^(GOMODCACHE|GOPATH)$/.test(cacheIn(placed, word) ?? ""));
  const at = words.findIndex(({ value }) => value === "chmod");
  const mode = words.slice(at + 1).find(({ value }) => !value.startsWith("-"));
  const files = !words.some(({ value }, index) => value === "-type" && words[index + 1]?.value === "d");
  if (path === undefined || at < 0 || mode === undefined || !files || !givesWrite(mode.value)) return undefined;
  return { mode: mode.value, path };
}

function givesWrite(mode: string): boolean {
  if (/^[0-7]{3,4}$/.test(mode))
    return (Number.parseInt(mode, 8) & 0o220) !== 0 && (Number.parseInt(mode, 8) & 0o002) === 0;
  return /(^|,)[ug]*[+=][rwxXs]*w/.test(mode);
}

/** To delete a cache by hand, its directories must be made writable first. */
function isDeletedAfter({ command, step }: PlacedCommand, all: readonly PlacedCommand[]): boolean {
  return all.some((other) => {
    const later = other.step === step && other.command.start > command.start && programOf(other.command) === "rm";
    return later && other.command.words.slice(1).some((word) => cacheIn(other, word) !== undefined);
  });
}
