// mod download, mod verify and get, played.
import { Refused, Unknowable, Unseen } from "../permission/world.ts";
import type { ModuleVersion } from "./gomod.ts";
import { flagValue } from "./machine.ts";
import { name } from "./modfetch.ts";
import { goFails } from "./outcome.ts";
import type { Play } from "./play.ts";
import { actualModule, isPruned, type Project } from "./project.ts";

/** go mod download: since go 1.17 the modules that go.mod lists, before that and in workspaces all of them. */
export function playDownload(play: Play, project: Project, module?: ModuleVersion): void {
  if (module !== undefined) {
    downloadModule(play, module);
    return;
  }
  const { selected } = play.graph(project);
  const all = project.work !== undefined || !isPruned(project.go);
  const required = new Set(project.mains.flatMap(({ goMod }) => goMod.require.map(({ path }) => path)));
  const wanted = [...selected.values()].filter(({ path }) => all || required.has(path));
  for (const needed of remote(project, wanted)) downloadModule(play, needed);
}

function downloadModule(play: Play, module: ModuleVersion): void {
  const { fetcher, ledger } = play;
  ledger.attempt(`to download ${name(module)}`, () => {
    fetcher.info(module);
    try {
      fetcher.goMod(module);
    } catch (error) {
      // Its text does not matter here, only that it can be had.
      if (!(error instanceof Unknowable)) throw error;
    }
    fetcher.downloadZip(module);
    fetcher.download(module);
  });
}

/** go mod verify: hashes each zip and each extracted directory that is there. */
export function playVerify(play: Play, project: Project): void {
  const { selected } = play.graph(project);
  // Replacements do not count here: verify looks at what the original would be in the cache.
  for (const module of selected.values()) {
    play.ledger.attempt(`to verify ${name(module)}`, () => verifyModule(play, module));
  }
}

function verifyModule(play: Play, module: ModuleVersion): void {
  const { fetcher, kernel, machine } = play;
  fetcher.checkCache();
  const paths = fetcher.paths(module);
  const zip = fetcher.exists(paths.zip) ? true : zipError(play, paths.zip);
  const directory = directoryOf(play, module);
  try {
    kernel.open(paths.ziphash, { read: true });
  } catch (error) {
    // Nothing was downloaded: nothing to verify.
    if (error instanceof Refused && zip === "absent" && directory !== "complete" && directory !== "unsure") return;
    throw error;
  }
  const sum = contentOf(play, paths.ziphash).trim();
  const opened = zip !== "absent";
  if (opened) kernel.open(paths.zip, { read: true });
  if (directory !== "missing") readTree(play, paths.tree);
  // Permissions allow it all; now the content.
  if (opened) {
    const actual = machine.zipSum(paths.zip);
    if (actual instanceof Unseen) throw new Unknowable(paths.zip, actual.reason);
    if (actual !== sum) throw goFails(paths.zip, "be intact", `${name(module)}: zip has been modified (${paths.zip})`);
  }
  if (directory === "missing") return;
  const actual = machine.treeSum(paths.tree, name(module));
  if (actual instanceof Unseen) throw new Unknowable(paths.tree, actual.reason);
  if (actual !== sum) throw goFails(paths.tree, "be intact", `${name(module)}: dir has been modified (${paths.tree})`);
}

/** "missing" stands for every error that counts as "does not exist": absent or partial (DownloadDirPartialError.Is). */
function directoryOf(play: Play, module: ModuleVersion): "complete" | "missing" | "unsure" {
  try {
    return play.fetcher.directoryState(play.fetcher.paths(module)) === "complete" ? "complete" : "missing";
  } catch (error) {
    if (error instanceof Refused) return "unsure";
    throw error;
  }
}

function zipError(play: Play, path: string): "absent" | "refused" {
  try {
    return play.fetcher.mustStat(path) ? "refused" : "absent";
  } catch (error) {
    if (error instanceof Refused) return "refused";
    throw error;
  }
}

/** dirhash.HashDir reads every directory and every file. */
function readTree(play: Play, path: string): void {
  const { kernel, machine } = play;
  for (const child of kernel.readDirectory(path).map((entry) => `${path}/${entry}`)) {
    const entry = machine.look(child);
    if (entry instanceof Unseen) throw new Unknowable(child, entry.reason);
    if (entry === "absent") continue;
    if (entry.type === "directory") readTree(play, child);
    else kernel.open(child, { read: true });
  }
}

/**
 * go get of a version that is not in the cache. Which module is not said, so it stands for every module of the project:
 * a new version of each must be storable.
 */
export function playGet(play: Play, project: Project, module?: ModuleVersion): void {
  const { fetcher, kernel, ledger, settings } = play;
  const { selected } = play.graph(project);
  if (module !== undefined) downloadModule(play, module);
  if (settings.goproxy === "off")
    ledger.fail({ path: "GOPROXY", need: "be on", message: "module lookup disabled by GOPROXY=off" });
  for (const { path } of module === undefined ? remote(project, selected.values()) : []) {
    ledger.attempt(`to store a new version of ${path}`, () => {
      fetcher.checkCache();
      const paths = fetcher.paths({ path, version: "v0.0.0-00010101000000-000000000000" });
      kernel.mkdirAll(paths.directory, 0o777);
      for (const file of [paths.lock, `${paths.zip}0.tmp`, paths.ziphash, paths.partial])
        kernel.open(file, { read: true, write: true, create: true });
      kernel.mkdirAll(paths.tree, 0o777);
    });
  }
  for (const { directory } of project.mains) {
    for (const file of ["go.mod", "go.sum"]) {
      ledger.attempt("to record the new version", () =>
        kernel.open(`${directory}/${file}`, { read: true, write: true, create: true }),
      );
    }
  }
  if (flagValue(settings.goflags, "mod") === "vendor") ledger.warn("GOFLAGS=-mod=vendor makes go get fail");
}

/** The modules that come from the cache, replacements applied. */
function remote(project: Project, modules: Iterable<ModuleVersion>): ModuleVersion[] {
  const found: ModuleVersion[] = [];
  for (const module of modules) {
    const actual = actualModule(project, module);
    if ("module" in actual) found.push(actual.module);
  }
  return found;
}

function contentOf(play: Play, path: string): string {
  const text = play.machine.text(path);
  if (text instanceof Unseen) throw new Unknowable(path, text.reason);
  return text ?? "";
}
