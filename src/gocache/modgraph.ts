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

/** How far beyond a module the graph reaches: workspace is for the modules of a workspace, all of whose requirements are loaded. */
type Pruning = "pruned" | "unpruned" | "workspace";

/**
 * Loads the graph (readModGraph).
 * @param summary the go.mod of a dependency, or undefined if it could not be had (the caller has noted why)
 */
export function loadGraph(project: Project, summary: (module: ModuleVersion) => GoMod | undefined): ModuleGraph {
  const selected = rootSelection(project);
  const missing: ModuleVersion[] = [];
  const required = new Map<string, readonly ModuleVersion[]>();
  const loaded = new Set<string>();
  const queue: { module: ModuleVersion; pruning: Pruning }[] = [];
  const load = (): void => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { module, pruning } = next;
      if (isMain(project, module) || isExcluded(project, module)) continue;
      // A module is looked at once for each pruning with which something leads to it.
      const key = `${module.path}@${module.version} ${pruning}`;
      if (loaded.has(key)) continue;
      loaded.add(key);
      const goMod = summary(module);
      if (goMod === undefined) {
        missing.push(module);
        continue;
      }
      const requirements = goMod.require.filter((other) => !isExcluded(project, other));
      required.set(`${module.path}@${module.version}`, requirements);
      const isUnpruned = !isPruned(goMod.go);
      for (const other of requirements) {
        select(selected, project, other);
        if (pruning !== "pruned" || isUnpruned)
          queue.push({ module: other, pruning: isUnpruned || pruning === "unpruned" ? "unpruned" : "pruned" });
      }
    }
  };
  for (const { goMod } of project.mains) {
    const isUnpruned = !isPruned(project.work === undefined ? project.go : goMod.go);
    for (const module of goMod.require) queue.push({ module, pruning: isUnpruned ? "unpruned" : "pruned" });
  }
  load();
  if (project.work !== undefined) {
    const mains = project.mains.map(({ goMod }) => goMod.require);
    for (const module of upgraded(mains, selected, required)) {
      queue.push({ module, pruning: "workspace" });
      load();
    }
  }
  return { selected, missing };
}

/**
 * In a workspace one module may raise what another requires. What the raised version requires is loaded as well, and so on:
 * the graph grows while it is asked for the next.
 */
function* upgraded(
  mains: readonly (readonly ModuleVersion[])[],
  selected: ReadonlyMap<string, ModuleVersion>,
  required: ReadonlyMap<string, readonly ModuleVersion[]>,
): Generator<ModuleVersion> {
  const seen = new Set<string>();
  const lists = [...mains];
  for (let before = -1; before < seen.size; ) {
    before = seen.size;
    for (const { path, version } of lists.flat()) {
      const found = selected.get(path);
      const key = `${path}@${found?.version}`;
      if (found === undefined || compareVersions(found.version, version) <= 0 || seen.has(key)) continue;
      seen.add(key);
      yield found;
      lists.push(required.get(key) ?? []);
    }
  }
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
