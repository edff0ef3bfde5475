// For whom a setting is kept, and where that user's settings are.
import { posix } from "node:path";
import type { Context } from "../context.ts";
import { exitStatus, UserError } from "../error.ts";
import type { SubjectFacts } from "../facts/facts.ts";
import { show } from "../host/bytes.ts";
import { openWorld } from "../host/facts.ts";
import { replaceable } from "../host/trusted.ts";
import { UserDatabase } from "../host/users.ts";

export interface PersistRequest {
  /** The module cache. Absolute and normal. */
  readonly directory: string;
  /** Whose go commands are to use it, as resolveSubject gives it. */
  readonly owner: SubjectFacts;
  /** The umask that fits the contract. */
  readonly umask: number;
  /** True for the contract `group`: the block of `shell` then tells its reader which umask the group needs. */
  readonly shared: boolean;
  /** True to set the umask in the block of `shell`. */
  readonly setUmask?: boolean;
  /** The command line, for the block of `shell`. */
  readonly command: string;
  /** What the owner's go uses now (`go env GOMODCACHE`), if that is known. */
  readonly used?: string;
  /** The user database, and the program of the editing child, if not those of the machine and the bundle. */
  readonly users?: UserDatabase;
  readonly editProgram?: URL;
}

export interface Persisted {
  /** `none`: nothing was to be done, or asked for. */
  readonly done: "written" | "already" | "none";
  /** The file that has the setting now; empty for `none`. */
  readonly where: string;
  /** One sentence for the user, printable; may be empty for `none`. */
  readonly message: string;
}

/** @throws {UserError} if somebody else than root decides what a path of root's leads to */
export function refuseReplaceable(path: string, { users = new UserDatabase() }: Pick<PersistRequest, "users">): void {
  const world = openWorld();
  let existing = path;
  while (existing !== "/" && world.look(existing) === "absent") existing = posix.dirname(existing);
  const reason = replaceable(existing, new Set([0]), world, users);
  if (reason === undefined) return;
  throw new UserError(
    `${show(path)} is not safe for root to change: ${reason}`,
    "run it as the user whose file it is, or set HOME to root's own home directory",
    exitStatus.privilege,
  );
}

/** Where the owner's settings are: for ourselves what HOME says, as for every program; for others what the database says. */
export function homeOf({ owner }: PersistRequest, { env }: Pick<Context, "env">): string {
  const home = (owner.self ? env["HOME"] : undefined) || owner.home;
  if (home !== undefined && posix.isAbsolute(home)) return posix.normalize(home);
  throw new UserError(
    `user ${owner.subject.uid} has no home directory, so there is no place for settings`,
    `set it where the user's processes are started: ENV GOMODCACHE=DIR in a Dockerfile, env: in a pod or a CI job`,
  );
}

export function loginShell(
  { owner, users = new UserDatabase() }: PersistRequest,
  { env }: Pick<Context, "env">,
): string {
  return users.userById(owner.subject.uid)?.shell ?? (owner.self ? env["SHELL"] : undefined) ?? "";
}

/** `alice`, or `user 1000` where the number has no name. */
export function nameOf(owner: SubjectFacts): string {
  return owner.name ?? `user ${owner.subject.uid}`;
}
