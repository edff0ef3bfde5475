// A partition chosen by project: a marked block in the .envrc of the project, which direnv(1) reads when a shell enters it.
import { posix } from "node:path";
import type { Context } from "../context.ts";
import { UserError } from "../error.ts";
import { show } from "../host/bytes.ts";
import { openWorld } from "../host/facts.ts";
import { Unseen } from "../permission/world.ts";
import { printable } from "../report/safe.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { editAs } from "./as-owner.ts";
import { envrcBlock, inShell } from "./envrc-block.ts";
import { homeOf, nameOf, type Persisted, type PersistRequest, refuseReplaceable } from "./owner.ts";
import type { Partition } from "./partition.ts";

/** The settings of a partition, and where they are to be kept. */
export interface DirenvRequest extends Omit<PersistRequest, "directory" | "umask"> {
  readonly partition: Pick<Partition, "modules" | "build">;
  /** The project's directory, as projectAt finds it. */
  readonly project: string;
}

/**
 * Puts the block into PROJECT/.envrc, which is made if it is missing, with the owner's rights. direnv ignores a changed file until
 * its user has said `direnv allow` (direnv(1)).
 * @throws {UserError}
 */
export function persistInDirenv(request: DirenvRequest, context: Pick<Context, "env">): Persisted {
  const { partition, project, owner, command } = request;
  const home = homeOf({ ...request, directory: partition.modules, umask: 0o077 }, context);
  const path = posix.join(project, ".envrc");
  if (owner.self && owner.subject.uid === 0) refuseReplaceable(path, request);
  const block = envrcBlock({ ...partition, home, shared: request.shared, command });
  const line = exportLines(partition, home, request.shared);
  const edited = editAs(
    owner.subject,
    owner.subject.umask,
    { kind: "block", path, home: project, block, line },
    request.editProgram,
  );
  const what = edited.done === "already" ? "chooses the partition already" : "chooses the partition now";
  return {
    done: edited.done,
    where: edited.path,
    message: printable(
      `${show(edited.path)} ${what}, for every shell of ${nameOf(owner)} with direnv after: direnv allow ${shellQuote(project)}`,
    ),
  };
}

/** One line for a shell that has no direnv. */
export function exportLines(
  { modules, build }: Pick<Partition, "modules" | "build">,
  home: string,
  shared: boolean,
): string {
  return `export GOMODCACHE=${shared ? shellQuote(modules) : inShell(modules, home)} GOCACHE=${inShell(build, home)}`;
}

/**
 * The directory of the workspace or of the module that a go command in `directory` works on: the nearest go.work, else the
 * nearest go.mod (cmd/go/internal/modload/init.go).
 * @throws {UserError} if there is none
 */
export function projectAt(directory: string): string {
  const world = openWorld();
  for (const name of ["go.work", "go.mod"]) {
    for (let at = directory; ; at = posix.dirname(at)) {
      const entry = world.look(posix.join(at, name));
      if (entry !== "absent" && !(entry instanceof Unseen) && entry.type === "file") return at;
      if (at === "/") break;
    }
  }
  throw new UserError(
    `there is no go.mod or go.work at or above ${show(directory)}`,
    "name the project that the partition is for: --for DIR",
  );
}
