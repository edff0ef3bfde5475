// The operations that load packages: build, vet, test, list, vendor, tidy. Which modules they fetch and which files they read.
import { Unseen } from "../permission/world.ts";
import { PackageFinder } from "./finder.ts";
import { DiskReader } from "./packagereader.ts";
import { type LoadedPackage, type LoadOptions, loadPackages, type ModuleRoot } from "./packages.ts";
import type { Play } from "./play.ts";
import type { Project } from "./project.ts";

export interface Load extends Omit<LoadOptions, "context"> {
  /** Whether go would add a module for a package that none provides: go mod tidy alone. */
  readonly resolves?: boolean;
}

/** Finds and loads the packages of `./...` and what they import. */
export function loadProject(play: Play, project: Project, load: Load): LoadedPackage[] {
  const mains = project.mains.map((main) => ({
    main,
    root: {
      path: main.goMod.module,
      reader: new DiskReader(play.kernel, play.machine, main.directory, "plain"),
    } satisfies ModuleRoot,
  }));
  const here = mains.filter(({ main }) => `${project.from}/`.startsWith(`${main.directory}/`));
  if (here.length === 0) {
    const message = `pattern ./...: ${project.from} contains none of the modules listed in go.work`;
    play.ledger.fail({ path: project.from, need: "be in a module", message });
  }
  // The innermost module; those below it are not matched by ./..., even if the workspace uses them.
  const innermost = here.sort((a, b) => b.main.directory.length - a.main.directory.length).slice(0, 1);
  const start = innermost.flatMap(({ main, root }) =>
    mainPackages(play, main.directory).map((directory) => ({ root, directory })),
  );
  const finder = new PackageFinder(
    play,
    project,
    mains.map(({ root }) => root),
    load.resolves === true,
  );
  const packages = loadPackages(
    start,
    {
      find: (importPath) => finder.find(importPath),
      note: (error, importPath) => play.ledger.note(error, `for package ${importPath}`),
    },
    { context: play.context, ...load },
  );
  readLanguageVersions(play, project, packages);
  return packages;
}

/** go compiles each module's packages in the language version of its go.mod, so it reads that file. */
function readLanguageVersions(play: Play, project: Project, packages: readonly LoadedPackage[]): void {
  if (project.vendored) return;
  const modules = new Map(
    packages.flatMap(({ root }) => (root.version === undefined ? [] : [[root.path, root.version]])),
  );
  for (const module of modules.values()) play.summary(project, module);
}

/** The package directories of a main module: not below testdata, vendor, `.x`, `_x` or another module. */
function mainPackages(play: Play, root: string): string[] {
  const { kernel, machine, ledger } = play;
  const found: string[] = [];
  const queue = [""];
  for (let directory = queue.shift(); directory !== undefined; directory = queue.shift()) {
    const path = directory === "" ? root : `${root}/${directory}`;
    let names: string[] = [];
    const at = directory;
    ledger.attempt("for the packages of ./...", () => {
      names = kernel.readDirectory(path);
    });
    if (names.some((file) => file.endsWith(".go") && !/^[._]/.test(file))) found.push(at);
    for (const child of names.sort()) {
      if (/^[._]/.test(child) || child === "testdata" || (child === "vendor" && at === "")) continue;
      const entry = machine.look(`${path}/${child}`);
      if (entry === "absent" || entry instanceof Unseen || entry.type !== "directory") continue;
      if (machine.look(`${path}/${child}/go.mod`) === "absent") queue.push(at === "" ? child : `${at}/${child}`);
    }
  }
  return found;
}
