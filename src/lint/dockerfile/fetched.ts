// Which earlier steps filled the module cache that a command uses, and as whom.
import { type GoCommand, goCommand } from "../golang/command.ts";
import type { ShellCommand } from "../shell/command.ts";
import { goPlaces } from "./go-places.ts";
import { stepsBefore } from "./history.ts";
import type { Step } from "./model.ts";
import { covers } from "./path.ts";
import type { User } from "./user.ts";

export interface Fetch {
  readonly step: Step;
  readonly go: GoCommand;
  /** Undefined if not known. */
  readonly user: User | undefined;
  /** GOMODCACHE. */
  readonly modules: string;
}

/** The user that a command runs as: the step's, unless sudo, su or gosu make another one. */
export function runner(step: Step, command: ShellCommand): User | undefined {
  if (command.as === undefined) return step.user;
  return /^(root|0)$/.test(command.as.user) ? { text: "root", uid: 0, root: true, home: "/root" } : undefined;
}

/** True if a mount stands for the path, so that nothing of it stays in the image. */
export function isMounted(path: string, step: Step): boolean {
  return step.mounts.some(
    ({ type, target }) => type !== "secret" && type !== "ssh" && (target === undefined || covers(target, path)),
  );
}

/** The fetches of a step that stay in the image. */
export function fetchesOf(step: Step): Fetch[] {
  if (step.instruction.keyword !== "RUN") return [];
  return step.commands.flatMap((command) => {
    const go = goCommand(command);
    const { modules } = goPlaces(step, command);
    if (go === undefined || !go.fetches || modules === undefined || isMounted(modules, step)) return [];
    return [{ step, go, user: runner(step, command), modules }];
  });
}

/** The fetches into one module cache that came before a command. */
export function fetchesBefore(step: Step, modules: string, command?: ShellCommand): Fetch[] {
  const own = fetchesOf(step).filter(({ go }) => command !== undefined && go.command.start < command.start);
  return [...stepsBefore(step).flatMap(fetchesOf), ...own].filter((fetch) => fetch.modules === modules);
}
