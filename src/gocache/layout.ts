// Where the module cache keeps one module version (cmd/go/internal/modfetch/cache.go: CachePath, DownloadDir).
import { escapePath } from "./escape.ts";
import type { ModuleVersion } from "./gomod.ts";

export interface ModulePaths {
  /** `$GOMODCACHE/cache/download/<module>/@v` */
  readonly directory: string;
  readonly info: string;
  readonly mod: string;
  readonly zip: string;
  readonly ziphash: string;
  readonly lock: string;
  readonly partial: string;
  /** `$GOMODCACHE/<module>@<version>` */
  readonly tree: string;
}

export function modulePaths(cache: string, { path, version }: ModuleVersion): ModulePaths {
  const escaped = escapePath(path);
  const directory = `${cache}/cache/download/${escaped}/@v`;
  const file = `${directory}/${escapePath(version)}`;
  return {
    directory,
    info: `${file}.info`,
    mod: `${file}.mod`,
    zip: `${file}.zip`,
    ziphash: `${file}.ziphash`,
    lock: `${file}.lock`,
    partial: `${file}.partial`,
    tree: `${cache}/${escaped}@${escapePath(version)}`,
  };
}

/** The directory that holds an absolute path. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}
