// The module versions that a project names, with what its go.sum says about each.
import { UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { escapePath } from "../gocache/escape.ts";
import type { ModuleVersion } from "../gocache/gomod.ts";
import type { MachineWorld } from "../host/world.ts";
import { Oracle } from "../oracle/ask.ts";
import type { ContentQuestion } from "./check.ts";

export interface ProjectContents {
  /** The directory of go.mod or go.work. */
  readonly directory: string;
  readonly modules: readonly ContentQuestion[];
}

/**
 * Every module version that the project selects, and every other that go.sum lists: go reads their go.mod files.
 * @throws {UserError} if there is no project, or go rejects its files
 */
export function projectContents(facts: Facts, world: MachineWorld, directory: string): ProjectContents {
  const oracle = new Oracle(facts, world);
  const project = oracle.project(directory);
  if (project === undefined) {
    throw new UserError(
      `there is no go.mod at or above ${directory}`,
      "name a directory of a Go module, or leave --for out to look at the whole cache",
    );
  }
  const listed = [...project.sums.keys()].flatMap((key): ModuleVersion[] => {
    const [path, version] = key.split(" ");
    return path === undefined || version === undefined ? [] : [{ path, version: version.replace(/\/go\.mod$/, "") }];
  });
  const byName = new Map<string, ContentQuestion>();
  for (const { path, version } of [...oracle.modules(project), ...listed]) {
    // Neither may lead out of the cache.
    if (!isModuleVersion(path, version)) continue;
    const key = `${path} ${version}`;
    const sums = { zip: project.sums.get(key) ?? [], mod: project.sums.get(`${key}/go.mod`) ?? [] };
    byName.set(key, { module: escapePath(path), version: escapePath(version), sums });
  }
  const modules = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, question]) => question);
  return { directory: project.directory, modules };
}

function isModuleVersion(path: string, version: string): boolean {
  const elements = path.split("/");
  return elements.every((element) => element !== "" && !/^\.+$/.test(element)) && /^v[^/]+$/.test(version);
}
