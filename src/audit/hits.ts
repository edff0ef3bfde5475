// The modules that a go command read from the cache without a fetch. Go does not tell them: they are those that the project's go.mod files
// select and that are in the cache afterwards, but for what was fetched meanwhile.
import { statSync } from "node:fs";
import { posix } from "node:path";
import type { GoFacts } from "../facts/facts.ts";
import { type GoCommand, readsModules } from "../gocache/go-command.ts";
import { GoFileError, type GoMod, type ModuleVersion, parseGoMod } from "../gocache/gomod.ts";
import { modulePaths } from "../gocache/layout.ts";
import { loadGraph, rootSelection } from "../gocache/modgraph.ts";
import { actualModule, hasLazyRoots, type Project, readProject } from "../gocache/project.ts";
import type { Environment } from "../host/container.ts";
import { openWorld } from "../host/facts.ts";
import { DiskMachine } from "../host/gomachine.ts";
import { readSelf, resolveSubject } from "../host/subject.ts";
import { UserDatabase } from "../host/users.ts";
import { goSettings } from "../oracle/settings.ts";
import { Unseen } from "../permission/world.ts";

/**
 * The module versions that a command took from the cache.
 * @param cwd where it was run
 * @param fetched those that it fetched, as `path@version`
 * @returns none for what reads no modules of a project, or a project that cannot be read
 */
export function cacheHits(
  command: GoCommand,
  { go, env, cwd }: { go: GoFacts; env: Environment; cwd: string },
  fetched: ReadonlySet<string>,
): ModuleVersion[] {
  const cache = go.env["GOMODCACHE"] ?? "";
  if (!readsModules(command) || !cache.startsWith("/")) return [];
  const directory = posix.resolve(cwd, command.directory ?? "");
  try {
    return selected(directory, go, env, cache).filter((module) => {
      const { tree, ziphash } = modulePaths(cache, module);
      return !fetched.has(`${module.path}@${module.version}`) && isThere(tree) && isThere(ziphash);
    });
  } catch (error) {
    // Go has said what is wrong with a file of the project.
    if (error instanceof GoFileError) return [];
    throw error;
  }
}

function selected(directory: string, go: GoFacts, env: Environment, cache: string): ModuleVersion[] {
  const subject = resolveSubject(undefined, readSelf(), new UserDatabase());
  const environment = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const settings = goSettings({ go, environment, subject, cache: { path: cache } });
  const machine = new DiskMachine(openWorld(), settings.goVersion, settings.buildCache);
  const project = readProject(machine, directory, settings);
  if (project === undefined || project instanceof Unseen || project.vendored) return [];
  const modules = hasLazyRoots(project) ? rootSelection(project) : wholeGraph(project, machine, cache);
  return [...modules.values()].flatMap((module) => {
    const actual = actualModule(project, module);
    return "module" in actual ? [actual.module] : [];
  });
}

function wholeGraph(project: Project, machine: DiskMachine, cache: string): ReadonlyMap<string, ModuleVersion> {
  const summary = (module: ModuleVersion): GoMod | undefined => {
    const actual = actualModule(project, module);
    const path = "module" in actual ? modulePaths(cache, actual.module).mod : `${actual.directory}/go.mod`;
    const text = machine.text(path);
    return typeof text === "string" ? parseGoMod(text) : undefined;
  };
  return loadGraph(project, summary).selected;
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // What cannot be looked at was not read either.
    return false;
  }
}
