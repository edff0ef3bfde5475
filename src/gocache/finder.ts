// In which module a package is, and what must be fetched to tell (cmd/go/internal/modload/import.go).
import { Refused, Unknowable, Unseen } from "../permission/world.ts";
import type { ModuleVersion } from "./gomod.ts";
import { IndexReader } from "./indexreader.ts";
import { name } from "./modfetch.ts";
import { goFails } from "./outcome.ts";
import { DiskReader, FreshReader, type PackageReader } from "./packagereader.ts";
import type { ModuleRoot } from "./packages.ts";
import type { Play } from "./play.ts";
import { type Actual, actualModule, type Project } from "./project.ts";

/** modload.importFromModules: every module whose path is a prefix of the import path is fetched and asked. */
export class PackageFinder {
  private readonly roots = new Map<string, ModuleRoot>();
  /** Packages that are not on disk, though go's index of the module may say otherwise. */
  private readonly unsure = new Set<string>();
  /** The versions of the roots: in a workspace, and in vendor mode, there are only the main modules. */
  private readonly selection: ReadonlyMap<string, ModuleVersion> = new Map();

  constructor(
    private readonly play: Play,
    private readonly project: Project,
    private readonly mains: readonly ModuleRoot[],
    private readonly resolves: boolean,
  ) {
    // Without lazy loading the graph is loaded whatever the packages are (loadFromRoots).
    if (!project.vendored && project.work === undefined) this.selection = play.selection(project);
  }

  find(importPath: string): ModuleRoot | "std" {
    const { machine, settings } = this.play;
    const dotless = !(importPath.split("/", 1)[0] as string).includes(".");
    if (dotless && machine.look(`${settings.goroot}/src/${importPath}`) !== "absent") return "std";
    const own = this.mains.some(({ path }) => importPath === path || importPath.startsWith(`${path}/`));
    // Where go is not installed, Go's own packages are those whose path has no dot in its first element.
    if (!own && dotless && machine.look(`${settings.goroot}/src`) === "absent") return "std";
    if (this.project.vendored) return this.among(importPath, new Map()) ?? this.vendored(importPath);
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
      const root = this.mains.find(({ path }) => path === prefix) ?? (module && this.fetch(module));
      if (root !== undefined) {
        const directory = importPath === prefix ? "" : importPath.slice(prefix.length + 1);
        if (this.isInModule(root.reader, directory) && hasGoFiles(root.reader, directory)) found.push(root);
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

  /** In a main module, or a directory that replaces one, what is below another go.mod belongs to another module. */
  private isInModule(reader: PackageReader, directory: string): boolean {
    if (!(reader instanceof DiskReader) || !reader.isLocal) return true;
    for (let at = directory; at !== ""; at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "") {
      const goMod = this.play.machine.look(`${reader.path(at)}/go.mod`);
      if (goMod !== "absent" && !(goMod instanceof Unseen) && goMod.type !== "directory") return false;
    }
    return true;
  }

  /** go.mod lists no module with the package: go loads the whole graph, and if that does not help, it fails. */
  private beyondRoots(importPath: string): ModuleRoot {
    const found = this.among(importPath, this.play.graph(this.project).selected);
    if (found !== undefined) return found;
    if (this.unsure.has(importPath))
      throw new Unknowable(importPath, "it is not in its module's directory, and go's index may list it all the same");
    if (this.resolves && this.play.settings.goproxy !== "off")
      throw new Unknowable(
        importPath,
        `no module of go.mod provides package ${importPath}: go would look for another version that does`,
      );
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
