// Which modules of the cache a project uses, and where they are.
import type { ModulePlace } from "../doctor/project.ts";
import { escapePath } from "../gocache/escape.ts";
import type { ModuleVersion } from "../gocache/gomod.ts";
import { modulePaths } from "../gocache/layout.ts";

/** Groups module versions by their `@v` directory. */
export function placesOf(cache: string, modules: readonly ModuleVersion[]): ModulePlace[] {
  const places = new Map<string, { directory: string; versions: string[]; trees: string[] }>();
  for (const module of modules) {
    const { directory, tree } = modulePaths(cache, module);
    const place = places.get(directory) ?? { directory, versions: [], trees: [] };
    place.versions.push(escapePath(module.version));
    place.trees.push(tree);
    places.set(directory, place);
  }
  return [...places.values()];
}
