// The module graph and minimal version selection (https://go.dev/ref/mod#minimal-version-selection, cmd/go/internal/modload/buildlist.go).
import type { GoMod, ModuleVersion } from "./gomod.ts";
import { isPruned, type Project } from "./project.ts";
import { compareVersions } from "./version.ts";

export interface ModuleGraph {
  /** The selected version of each module but the main ones, by path. */
  readonly selected: ReadonlyMap<string, ModuleVersion>;
  /** The modules whose go.mod could not be had; the selection may be wrong without them. */
  readonly missing: readonly ModuleVersion[];
}

/** The versions that go.mod itself names: all that a command needs as long as no package is missing (lazy loading). */
export function rootSelection(project: Project): Map<string, ModuleVersion> {
  const selected = new Map<string, ModuleVersion>();
  for (const { goMod } of project.mains) for (const module of goMod.require) select(selected, project, module);
  return selected;
}

/**
 * Loads the graph.
 * @param summary the go.mod of a dependency, or undefined if it could not be had (the caller has noted why)
 */
export function loadGraph(project: Project, summary: (module: ModuleVersion) => GoMod | undefined): ModuleGraph {
  const selected = rootSelection(project);
  const missing: ModuleVersion[] = [];
  const loaded = new Set<string>();
  const queue: { module: ModuleVersion; unpruned: boolean }[] = [];
  for (const main of project.mains) {
    const unpruned = !isPruned(project.work === undefined ? project.go : main.goMod.go);
    for (const module of main.goMod.require) queue.push({ module, unpruned });
  }
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { module, unpruned } = next;
    if (isMain(project, module) || isExcluded(project, module)) continue;
    // A module is looked at once as part of a pruned graph, and once more if an unpruned one leads to it.
    const key = `${module.path}@${module.version}${unpruned ? "+" : ""}`;
    if (loaded.has(key)) continue;
    loaded.add(key);
    const goMod = summary(module);
    if (goMod === undefined) {
      missing.push(module);
      continue;
    }
    for (const required of goMod.require) {
      if (isExcluded(project, required)) continue;
      select(selected, project, required);
      const unprunedHere = unpruned || !isPruned(goMod.go);
      if (unprunedHere) queue.push({ module: required, unpruned: true });
    }
  }
  return { selected, missing };
}

function select(selected: Map<string, ModuleVersion>, project: Project, module: ModuleVersion): void {
  if (isMain(project, module) || isExcluded(project, module)) return;
  const known = selected.get(module.path);
  if (known === undefined || compareVersions(module.version, known.version) > 0) selected.set(module.path, module);
}

function isMain(project: Project, module: ModuleVersion): boolean {
  return project.mains.some(({ goMod }) => goMod.module === module.path);
}

function isExcluded(project: Project, module: ModuleVersion): boolean {
  return project.mains.some(({ goMod }) =>
    goMod.exclude.some((other) => other.path === module.path && other.version === module.version),
  );
}
