// The part of a cache that one project uses: where the walk begins and what it looks at there, however large the rest is.
import { lstatSync, type Stats } from "node:fs";
import { toBytes } from "../host/bytes.ts";
import { isDirectory } from "../tree/entry.ts";
import type { Start } from "../tree/walk.ts";
import type { Collector } from "./collect.ts";
import type { Directory } from "./directory.ts";

/** The place of one module in the cache. */
export interface ModulePlace {
  /** `$GOMODCACHE/cache/download/<module>/@v`, escaped as Go escapes it, absolute. */
  readonly directory: string;
  /** The versions that are used, escaped. */
  readonly versions: readonly string[];
  /** The extracted directories, `$GOMODCACHE/<module>@<version>`, of those versions. */
  readonly trees: readonly string[];
}

const once = { throwIfNoEntry: false } as const;

/**
 * Meets the directories that lead to the modules, each once, and the cache's own lock.
 * @returns where to begin the walk: extracted directories first, then the `@v` directories, limited to the versions
 */
export function projectStarts(
  root: Directory,
  modules: readonly ModulePlace[],
  collector: Collector,
  refused: (path: string, error: unknown) => void,
): Start<Directory>[] {
  const known = new Map<string, Directory | undefined>([[root.path, root]]);
  const look = (path: string): Stats | undefined => {
    try {
      return lstatSync(toBytes(path), once);
    } catch (error) {
      refused(path, error);
      return undefined;
    }
  };
  const enter = (path: string): Directory | undefined => {
    if (known.has(path)) return known.get(path);
    const slash = path.lastIndexOf("/");
    const parent = slash <= 0 ? undefined : enter(path.slice(0, slash));
    const stats = parent === undefined ? undefined : look(path);
    let directory: Directory | undefined;
    if (stats !== undefined && parent !== undefined) {
      const name = path.slice(slash + 1);
      if (isDirectory(stats.mode)) directory = collector.enter(name, path, stats, parent);
      else collector.visit(name, stats, parent);
    }
    known.set(path, directory);
    return directory;
  };
  const trees: Start<Directory>[] = [];
  const versionsOf = new Map<string, { directory: Directory; versions: string[] }>();
  for (const { directory: path, versions, trees: treePaths } of modules) {
    for (const treePath of new Set(treePaths)) {
      const tree = known.has(treePath) ? undefined : enter(treePath);
      if (tree !== undefined) trees.push({ path: treePath, directory: tree });
    }
    const directory = enter(path);
    if (directory === undefined) continue;
    const record = versionsOf.get(path);
    if (record === undefined) versionsOf.set(path, { directory, versions: [...versions] });
    else record.versions.push(...versions);
  }
  const lock = `${root.path}/cache/lock`;
  const cache = enter(`${root.path}/cache`);
  const stats = cache === undefined ? undefined : look(lock);
  if (cache !== undefined && stats !== undefined && !isDirectory(stats.mode)) collector.visit("lock", stats, cache);
  const records = [...versionsOf].map(([path, { directory, versions }]) => {
    return { path, directory, accept: acceptOnly(versions) };
  });
  return [...trees, ...records];
}

/** `list`, and what begins with one of the versions and a dot: `v1.2.3.zip`, `v1.2.3.zip123.tmp`. */
function acceptOnly(versions: readonly string[]): (name: string) => boolean {
  const prefixes = versions.map((version) => `${version}.`);
  return (name) => name === "list" || prefixes.some((prefix) => name.startsWith(prefix));
}
