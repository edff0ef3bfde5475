// Where nothing was proven to hold entries fast against other users (`isProvenForRoot`), root changes nothing that they can reach.
import { lstatSync } from "node:fs";
import { posix } from "node:path";
import { exitStatus, UserError } from "../error.ts";
import { show, toBytes } from "../host/bytes.ts";
import { isProvenForRoot } from "../tree/pin.ts";
import type { Root } from "../tree/root.ts";
import type { Plan } from "./plan.ts";

/** A directory in which somebody else than root can exchange entries. */
export interface Exposed {
  readonly path: string;
  /** Whose it is; 0 if its group, or everybody, can write in it. */
  readonly uid: number;
}

/**
 * The first directory on the way to what is to be changed that is not root's alone.
 * @param look lstat(2); undefined if there is nothing
 */
export function exposedDirectory(
  root: string,
  { directories, contents }: Pick<Plan, "directories" | "contents">,
  look = lookByPath,
): Exposed | undefined {
  const seen = new Set<string>();
  const check = (path: string): Exposed | undefined => {
    if (seen.has(path)) return undefined;
    const above = path === "/" ? undefined : check(posix.dirname(path));
    if (above !== undefined) return above;
    seen.add(path);
    const entry = look(path);
    if (entry === undefined) return undefined;
    const { uid, mode } = entry;
    if (uid !== 0) return { path, uid };
    // In a sticky directory nobody exchanges what is root's; in the cache, that is not enough.
    const isAbove = root.startsWith(path === "/" ? "/" : `${path}/`);
    const isHeld = isAbove && (mode & 0o1000) !== 0;
    return (mode & 0o022) !== 0 && !isHeld ? { path, uid } : undefined;
  };
  const places = [
    [],
    ...directories.map(({ names }) => names),
    ...contents.flatMap(({ removals }) => removals.map(({ names }) => names)),
  ];
  for (const names of places) {
    const found = check([root, ...names].join("/"));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @param trustTree what --trust-tree says @throws {UserError} if root would change what others could exchange meanwhile */
export function refuseUnproven(
  root: Root,
  plan: Pick<Plan, "directories" | "contents">,
  trustTree: boolean,
  euid = process.geteuid?.(),
): void {
  if (isProvenForRoot || euid !== 0 || trustTree) return;
  const exposed = exposedDirectory(root.path, plan);
  if (exposed === undefined) return;
  const { path, uid } = exposed;
  const who = uid === 0 ? "others than root can write" : `user ${uid} can write`;
  const owner = uid === 0 ? "the user whose entries they are" : `user ${uid}`;
  throw new UserError(
    `${who} ${show(path)}: on this system, which has no /proc, nothing was proven to keep them from exchanging entries while root changes them`,
    `run it as ${owner}; or read and run the commands of gomodcache fix --print-commands; or add --trust-tree if nobody else uses the cache meanwhile`,
    exitStatus.findings,
  );
}

function lookByPath(path: string): { uid: number; mode: number } | undefined {
  return lstatSync(toBytes(path), { throwIfNoEntry: false });
}
