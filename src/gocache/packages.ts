// Which packages a command needs, from the project's own imports on, and in which module each one is
// (cmd/go/internal/modload/load.go and import.go, as far as they read files).
import { Refused, Unknowable } from "../permission/world.ts";
import { type BuildContext, evaluate, nameMatches } from "./constraint.ts";
import type { ModuleVersion } from "./gomod.ts";
import type { GoSource } from "./gosource.ts";
import type { SourceHead } from "./machine.ts";
import { goFails } from "./outcome.ts";
import type { PackageReader } from "./packagereader.ts";

/** Where a module's packages are. */
export interface ModuleRoot {
  readonly path: string;
  readonly version?: ModuleVersion;
  readonly reader: PackageReader;
}

export interface LoadedFile {
  readonly name: string;
  readonly source: GoSource | undefined;
}

export interface LoadedPackage {
  readonly importPath: string;
  readonly root: ModuleRoot;
  /** Relative to the module; empty for its top. */
  readonly directory: string;
  /** The files of the build, tests not among them. */
  readonly files: readonly LoadedFile[];
  readonly tests: readonly LoadedFile[];
}

export interface LoadOptions {
  readonly context: BuildContext;
  /** Imports of every platform count, as for go mod tidy and go mod vendor. */
  readonly anyPlatform: boolean;
  /** Whose tests count: those of the main modules' packages, or of every package in "all", as for go mod tidy. */
  readonly tests: "none" | "main" | "all";
  /** Whether a file that cannot be read or parsed spoils its package: not for go mod tidy and vendor, which look at imports alone. */
  readonly strict: boolean;
}

export interface Resolver {
  /** The module that has the package; `std` for Go's own. @throws what makes go fail */
  readonly find: (importPath: string) => ModuleRoot | "std";
  readonly note: (error: unknown, importPath: string) => void;
}

interface Queued {
  readonly importPath: string;
  readonly root: ModuleRoot;
  readonly directory: string;
  /** In a main module. */
  readonly main: boolean;
  /** Imported by packages and tests of the main modules, over packages alone: the pattern "all". */
  readonly inAll: boolean;
}

/**
 * Loads the packages that the given ones import, and theirs, and so on.
 * Failures are noted, and the rest is loaded all the same.
 */
export function loadPackages(
  start: readonly { root: ModuleRoot; directory: string }[],
  resolver: Resolver,
  options: LoadOptions,
): LoadedPackage[] {
  const loaded = new Map<string, LoadedPackage | undefined>();
  const queue: Queued[] = start.map((entry) => ({
    importPath: entry.directory === "" ? entry.root.path : `${entry.root.path}/${entry.directory}`,
    main: true,
    inAll: true,
    ...entry,
  }));
  const inAll = new Set(queue.map(({ importPath }) => importPath));
  for (const { importPath } of queue) {
    loaded.set(importPath, undefined);
    // It is known where they are, but another module must not have them as well.
    tryFind(resolver, importPath);
  }
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    try {
      const { importPath } = next;
      const found = loadPackage(next, options, (error) => resolver.note(error, importPath));
      loaded.set(next.importPath, found);
      for (const [wanted, joins] of importsOf(found, next, options)) {
        // What only the tests of a dependency needed is looked at again if it turns out to be in "all", for its own tests.
        const isNew = !loaded.has(wanted);
        const isRaised = joins && options.tests === "all" && !inAll.has(wanted);
        if ((!isNew && !isRaised) || wanted === "C" || wanted === "unsafe") continue;
        if (isNew) loaded.set(wanted, undefined);
        if (joins) inAll.add(wanted);
        const root = tryFind(resolver, wanted);
        if (root === undefined || root === "std") continue;
        const directory = wanted === root.path ? "" : wanted.slice(root.path.length + 1);
        const main = root.version === undefined && next.main;
        queue.push({ importPath: wanted, root, directory, main, inAll: joins });
      }
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unknowable || error instanceof Error)) throw error;
      resolver.note(error, next.importPath);
    }
  }
  return [...loaded.values()].filter((entry) => entry !== undefined);
}

function tryFind(resolver: Resolver, importPath: string): ModuleRoot | "std" | undefined {
  try {
    return resolver.find(importPath);
  } catch (error) {
    resolver.note(error, importPath);
    return undefined;
  }
}

/** The imports of a package that count, and whether each of them is in "all" through it (loader.applyPkgFlags). */
function importsOf(found: LoadedPackage, { main, inAll }: Queued, { tests }: LoadOptions): Map<string, boolean> {
  const wanted = new Map<string, boolean>();
  if (tests === "all" ? inAll : tests === "main" && main)
    for (const { source } of found.tests) for (const path of source?.imports ?? []) wanted.set(path, main);
  for (const { source } of found.files) for (const path of source?.imports ?? []) wanted.set(path, inAll);
  return wanted;
}

function loadPackage(
  wanted: { importPath: string; root: ModuleRoot; directory: string },
  options: LoadOptions,
  note: (error: unknown) => void,
): LoadedPackage {
  const { reader } = wanted.root;
  const files: LoadedFile[] = [];
  const tests: LoadedFile[] = [];
  const names = reader.goFiles(wanted.directory);
  if (names.length === 0) throw goFails(wanted.importPath, "have Go files", `no Go files in ${wanted.importPath}`);
  for (const name of names) {
    // The index of a module holds every file, so a file that cannot be read spoils the package whatever its platform.
    const head = readSource(wanted, name, options);
    if (head === undefined) continue;
    const { source } = head;
    if (source === undefined) checkUnparsable(wanted, name, options, note);
    if (!belongs(name, source, options)) continue;
    (name.endsWith("_test.go") ? tests : files).push({ name, source });
  }
  checkTogether(wanted.importPath, [...files, ...tests], options);
  return { importPath: wanted.importPath, root: wanted.root, directory: wanted.directory, files, tests };
}

/** Reads a file as far as go would. While it makes an index, go notes a file that it cannot read and goes on. */
function readSource(
  wanted: { root: ModuleRoot; directory: string },
  name: string,
  options: LoadOptions,
): SourceHead | undefined {
  const { reader } = wanted.root;
  try {
    return reader.source(wanted.directory, name, nameMatches(name, options.context) || options.anyPlatform);
  } catch (error) {
    if (error instanceof Refused && !options.strict && reader.mode === "indexing") return unreadable;
    throw error;
  }
}

/** What stands for a file that go could not read: a member of the package that imports nothing. */
const unreadable: SourceHead = { source: { packageName: "", imports: [], embeds: [] } };

/** go/build: a package has a file for this platform, and all its files have its name (build.NoGoError, build.MultiplePackageError). */
function checkTogether(importPath: string, files: readonly LoadedFile[], { strict }: LoadOptions): void {
  if (files.length === 0) {
    const message = `build constraints exclude all Go files in ${importPath}`;
    if (strict) throw goFails(importPath, "have Go files", message);
    throw new Unknowable(importPath, message);
  }
  const names = files.map(({ name, source }) => {
    const packageName = source?.packageName;
    return name.endsWith("_test.go") ? packageName?.replace(/_test$/, "") : packageName;
  });
  const known = new Set(names.filter((name) => name !== undefined && name !== ""));
  if (strict && known.size > 1)
    throw goFails(importPath, "be one package", `found packages ${[...known].join(" and ")} in ${importPath}`);
}

/** An index that is ready knows the file as it was. */
function checkUnparsable(
  wanted: { importPath: string; root: ModuleRoot },
  name: string,
  options: LoadOptions,
  note: (error: unknown) => void,
): void {
  if (wanted.root.reader.mode === "indexed") return;
  const message = `${name} of package ${wanted.importPath} is not Go source: its head cannot be parsed`;
  if (options.strict) throw goFails(`${wanted.importPath}/${name}`, "be Go", message);
  // Where only imports count, the file is a part of the package all the same; what go makes out of its imports is not known.
  note(new Unknowable(`${wanted.importPath}/${name}`, message));
}

function belongs(name: string, source: GoSource | undefined, { context, anyPlatform }: LoadOptions): boolean {
  if (source?.packageName === "documentation") return false;
  if (anyPlatform) return source?.constraint === undefined || !/(^|[^!\w.])ignore\b/.test(` ${source.constraint}`);
  if (!nameMatches(name, context)) return false;
  if (source?.imports.includes("C") === true && !context.cgo) return false;
  return source?.constraint === undefined || evaluate(source.constraint, context) !== false;
}
