// Carries content repairs out: never while a go command could be using the cache, and under go's own lock of the module.
import { lstatSync } from "node:fs";
import type { Facts } from "../facts/facts.ts";
import { show, toBytes } from "../host/bytes.ts";
import { lockHolders, usersOfCache } from "../host/go-users.ts";
import { takeGoLock } from "../tree/go-lock.ts";
import { type Removal, remove } from "../tree/remove.ts";
import type { Root } from "../tree/root.ts";
import { Way } from "../tree/way.ts";
import type { ContentRepair, LookUp } from "./content.ts";
import type { Journal } from "./journal.ts";
import type { Trouble } from "./plan.ts";

/** Looks entries up as they are now. */
export function lookUpIn(root: Root): LookUp {
  return (names): Removal | undefined => {
    const path = toBytes([root.path, ...names].join("/"));
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !(stats.isDirectory() || stats.isFile())) return undefined;
    const ino = Number.isSafeInteger(stats.ino) ? stats.ino : lstatSync(path, { bigint: true }).ino;
    return { name: names.at(-1) ?? "", isDirectory: stats.isDirectory(), ino, mtime: stats.mtimeMs };
  };
}

/** Why contents cannot be touched now: a go command that could be using the cache. */
export function busyWith(root: Root, { runningGo }: Facts): string | undefined {
  if ("unseen" in runningGo) return `it is not known whether go is running: ${runningGo.unseen}`;
  const [first, ...more] = usersOfCache(runningGo.value, root.path);
  if (first === undefined) return undefined;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  return `process ${first.pid} of user ${first.uid} (${first.command})${others} could be using the cache: wait until it has ended`;
}

export interface Removed {
  readonly removed: number;
  readonly troubles: readonly Trouble[];
}

export function removeContents(root: Root, repairs: readonly ContentRepair[], journal: Journal | undefined): Removed {
  let removed = 0;
  const troubles: Trouble[] = [];
  const way = new Way(root);
  for (const repair of repairs) {
    const lock = lockOf(way, repair);
    const held = lock === "held" ? `go holds the module's lock (${holderOf(root, repair)})` : undefined;
    if (held === undefined) journal?.noteRemovals(repair);
    for (const { names, removal } of repair.removals) {
      const outcome =
        held === undefined ? removeAt(way, names, removal, root) : { status: "skipped" as const, reason: held };
      if (outcome.status === "changed") removed += 1;
      else troubles.push({ path: show([root.path, ...names, removal.name].join("/")), ...outcome });
    }
    if (typeof lock === "object") lock.release();
  }
  way.close();
  return { removed, troubles };
}

function removeAt(way: Way, names: readonly string[], removal: Removal, root: Root): ReturnType<typeof remove> {
  const directory = way.enter(names);
  return typeof directory === "number" ? remove(directory, removal, root) : directory;
}

function lockOf(way: Way, { record, version }: ContentRepair): ReturnType<typeof takeGoLock> {
  if (version === undefined) return undefined;
  const directory = way.enter(record);
  return typeof directory === "number" ? takeGoLock(directory, `${version}.lock`) : undefined;
}

function holderOf(root: Root, { record, version }: ContentRepair): string {
  const pids = lockHolders([root.path, ...record, `${version}.lock`].join("/")).filter((pid) => pid > 0);
  return pids.length === 0 ? "the process is not visible from here" : `process ${pids.join(", ")}`;
}
