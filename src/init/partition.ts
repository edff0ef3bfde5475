// A partition: a module cache and a build cache for one trust domain, in a directory that nobody else may enter.
import { closeSync, fstatSync } from "node:fs";
import { posix } from "node:path";
import type { Contract } from "../contract/contract.ts";
import { wantedMode } from "../contract/shape.ts";
import { exitStatus, UserError } from "../error.ts";
import { show } from "../host/bytes.ts";
import { octal } from "../permission/entry.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { BadRoot, openRoot } from "../tree/root.ts";

export interface Partition {
  readonly name: string;
  /** BASE/partitions/NAME. Absolute. */
  readonly directory: string;
  /** Its GOMODCACHE. */
  readonly modules: string;
  /** Its GOCACHE, always below the user's home: members of a group compile for themselves. */
  readonly build: string;
}

/**
 * Where a partition is.
 * @param home the home directory of the user
 * @param base the value of --partition-dir, absolute; without one it is ~/.cache/gomodcache
 * @throws {UserError} for a name that is no plain one
 */
export function partitionOf(name: string, home: string, base: string | undefined): Partition {
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(name)) {
    throw new UserError(
      `--partition ${JSON.stringify(name)} is no name of a partition`,
      "take letters, digits, dots, dashes and underscores, such as --partition private",
    );
  }
  const usual = posix.join(home, ".cache/gomodcache");
  const directory = posix.join(base ?? usual, "partitions", name);
  return {
    name,
    directory,
    modules: posix.join(directory, "mod"),
    build: posix.join(usual, "partitions", name, "build"),
  };
}

/**
 * Makes the directory of the partition, with its missing parents, or makes sure that an existing one is closed.
 * @throws {UserError} if it is somebody else's, or open to more than the contract lets in
 */
export function makePartition({ directory }: Pick<Partition, "directory">, contract: Contract): void {
  const mode = wantedMode("root", true, 0, contract);
  const { uid, gid } = contract;
  const isRoot = process.geteuid?.() === 0;
  let fd: number;
  try {
    ({ fd } = openRoot(directory, (owner) => !isRoot || owner === 0, { uid, gid, mode }));
  } catch (error) {
    if (!(error instanceof BadRoot)) throw error;
    const isRight = error.code === "EACCES" || error.code === "EPERM";
    throw new UserError(
      error.message,
      "name another place with --partition-dir DIR",
      isRight ? exitStatus.privilege : exitStatus.findings,
    );
  }
  try {
    const stat = fstatSync(fd);
    if (stat.uid !== uid)
      throw unfit(directory, `belongs to user ${stat.uid}, not to user ${uid}`, "choose another name");
    const excess = stat.mode & 0o077 & ~mode;
    if (excess === 0 && ((mode & 0o070) === 0 || stat.gid === gid)) return;
    const group = stat.gid === gid ? "" : `chgrp ${gid} ${shellQuote(directory)} && `;
    throw unfit(
      directory,
      `is there already, of group ${stat.gid} with mode ${octal(stat.mode & 0o7777)}, so that others could read what was put there`,
      `make sure that nothing private was read, then close it: ${group}chmod ${octal(mode)} ${shellQuote(directory)}`,
    );
  } finally {
    closeSync(fd);
  }
}

function unfit(directory: string, reason: string, hint: string): UserError {
  return new UserError(`${show(directory)} cannot be a partition: it ${reason}`, hint, exitStatus.findings);
}
