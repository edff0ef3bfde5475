// The operations that load packages: build, vet, test, list, vendor, tidy. Which modules they fetch and which files they read.
import { Refused, Unknowable, Unseen } from "../permission/world.ts";
import type { ModuleVersion } from "./gomod.ts";
import { IndexReader } from "./indexreader.ts";
import { name } from "./modfetch.ts";
import { goFails } from "./outcome.ts";
import { DiskReader, FreshReader, type PackageReader } from "./packagereader.ts";
import { type LoadedPackage, loadPackages, type ModuleRoot } from "./packages.ts";
import type { Play } from "./play.ts";
import { type Actual, actualModule, type Project } from "./project.ts";

export interface Load {
  readonly anyPlatform: boolean;
  readonly tests: boolean;
  readonly strict: boolean;
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

/** modload.importFromModules: every module whose path is a prefix of the import path is fetched and asked. */
class PackageFinder {
  private readonly roots = new Map<string, ModuleRoot>();
  /** Packages that are not on disk, though go's index of the module may say otherwise. */
  private readonly unsure = new Set<string>();
  private selection: ReadonlyMap<string, ModuleVersion> | undefined;

  constructor(
    private readonly play: Play,
    private readonly project: Project,
    private readonly mains: readonly ModuleRoot[],
  ) {
    // Without lazy loading the graph is loaded whatever the packages are (loadFromRoots).
    if (!project.vendored && project.work === undefined) this.selection = play.selection(project);
  }

  find(importPath: string): ModuleRoot | "std" {
    const { machine, settings } = this.play;
    const dotless = !(importPath.split("/", 1)[0] as string).includes(".");
    if (dotless && machine.look(`${settings.goroot}/src/${importPath}`) !== "absent") return "std";
    for (const main of this.mains) {
      if (importPath === main.path || importPath.startsWith(`${main.path}/`)) return main;
    }
    // Where go is not installed, Go's own packages are those whose path has no dot in its first element.
    if (dotless && machine.look(`${settings.goroot}/src`) === "absent") return "std";
    if (this.project.vendored) return this.vendored(importPath);
    this.selection ??= this.play.selection(this.project);
    return this.among(importPath, this.selection) ?? this.beyondRoots(importPath);
  }

  private vendored(importPath: string): ModuleRoot {
    const { kernel, machine } = this.play;
    const path = `${this.project.directory}/vendor/${importPath}`;
    return { path: importPath, reader: new DiskReader(kernel, machine, path, "plain") };
  }

  /** Even where the package is found, the shorter paths are tried, since it may be in one module only. */
  private among(importPath: string, selection: ReadonlyMap<string, ModuleVersion>): ModuleRoot | undefined {
    const found: ModuleRoot[] = [];
    for (let prefix = importPath; ; prefix = prefix.slice(0, prefix.lastIndexOf("/"))) {
      const module = selection.get(prefix);
      if (module !== undefined) {
        const root = this.fetch(module);
        const directory = importPath === prefix ? "" : importPath.slice(prefix.length + 1);
        if (hasGoFiles(root.reader, directory)) found.push(root);
        else if (root.reader instanceof IndexReader && !root.reader.isSure) this.unsure.add(importPath);
      }
      if (!prefix.includes("/")) break;
    }
    if (found.length < 2) return found[0];
    const modules = found.map(({ path }) => path).join(", ");
    throw goFails(
      importPath,
      "be in one module",
      `ambiguous import: found package ${importPath} in multiple modules: ${modules}`,
    );
  }

  /** go.mod lists no module with the package: go loads the whole graph, and if that does not help, it fails. */
  private beyondRoots(importPath: string): ModuleRoot {
    const found = this.among(importPath, this.play.graph(this.project).selected);
    if (found !== undefined) return found;
    if (this.unsure.has(importPath))
      throw new Unknowable(importPath, "it is not in its module's directory, and go's index may list it all the same");
    throw goFails(importPath, "be provided", `no required module provides package ${importPath}`);
  }

  private fetch(module: ModuleVersion): ModuleRoot {
    const known = this.roots.get(module.path);
    if (known !== undefined) return known;
    const actual = actualModule(this.project, module);
    const root = { path: module.path, version: module, reader: this.reader(module, actual) };
    this.roots.set(module.path, root);
    return root;
  }

  private reader(module: ModuleVersion, actual: Actual): PackageReader {
    const { kernel, machine, fetcher, sums } = this.play;
    if ("directory" in actual) {
      kernel.stat(actual.directory);
      return new DiskReader(kernel, machine, actual.directory, "plain");
    }
    sums.mustHave(actual.module, "module");
    const paths = fetcher.paths(actual.module);
    const prefix = `${name(actual.module)}/`;
    if (fetcher.download(actual.module) === "disk") {
      return machine.indexed(paths.tree)
        ? new IndexReader(kernel, machine, paths.tree, paths.zip, prefix)
        : new DiskReader(kernel, machine, paths.tree, "indexing");
    }
    const zip = this.play.upstream.zip(actual.module, paths.zip);
    const texts = zip === undefined ? undefined : machine.zipTexts(zip, ".go");
    if (texts === undefined || texts instanceof Unseen) {
      throw new Unknowable(
        paths.tree,
        `${name(module)} would be fetched, and what its packages import is not known before`,
      );
    }
    return new FreshReader(new Map([...texts].map(([path, text]) => [path.slice(prefix.length), text])));
  }
}

/** dirInModule: a directory that is not there, or has no Go files, is not the package. */
function hasGoFiles(reader: PackageReader, directory: string): boolean {
  try {
    return reader.goFiles(directory).length > 0;
  } catch (error) {
    if (error instanceof Refused && (error.errno === "ENOENT" || error.errno === "ENOTDIR")) return false;
    throw error;
  }
}
