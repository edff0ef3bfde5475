// The main module or the workspace that a go command works on, found and read as go does (cmd/go/internal/modload/init.go).
import { normalise } from "../permission/resolve.ts";
import { Unseen } from "../permission/world.ts";
import {
  GoFileError,
  type GoMod,
  type GoWork,
  type ModuleVersion,
  parseGoMod,
  parseGoSum,
  parseGoWork,
  type Replacement,
} from "./gomod.ts";
import { parentOf } from "./layout.ts";
import { flagValue, type GoMachine, type GoSettings } from "./machine.ts";
import { compareGo } from "./version.ts";

export interface MainModule {
  readonly directory: string;
  readonly goMod: GoMod;
}

export interface Project {
  /** The directory of go.mod, or of go.work. */
  readonly directory: string;
  /** Where the command is run: `./...` means the packages of the module there. */
  readonly from: string;
  /** One, or those that go.work uses. */
  readonly mains: readonly MainModule[];
  readonly work?: GoWork;
  readonly sums: ReadonlyMap<string, readonly string[]>;
  /** The `go` line that rules. */
  readonly go: string;
  /** True if packages come from the vendor directory. */
  readonly vendored: boolean;
  readonly replace: readonly (Replacement & { readonly from: string })[];
}

/** What a required module stands for after replacements: another module, or a directory. */
export type Actual = { readonly module: ModuleVersion } | { readonly directory: string };

/** Language versions from https://go.dev/ref/mod: lazy loading, and the default of vendoring. */
const lazyLoading = "1.17";
const autoVendor = "1.14";
const workVendor = "1.22";

/** True if go.mod lists every module that its packages need, so that dependencies' go.mod files are rarely read. */
export function isPruned(go: string | undefined): boolean {
  return go !== undefined && compareGo(go, lazyLoading) >= 0;
}

/** True if the versions in go.mod itself are those that packages come from, without a look at the graph. */
export function hasLazyRoots({ work, go }: Project): boolean {
  return work === undefined && isPruned(go);
}

/**
 * Reads a project.
 * @throws {GoFileError} if go.mod, go.work or go.sum is malformed
 * @returns an Unseen if a file could not be read
 */
export function readProject(machine: GoMachine, directory: string, settings: GoSettings): Project | Unseen | undefined {
  const workFile = workFileOf(machine, directory, settings);
  if (workFile !== undefined) return readWorkspace(machine, workFile, directory, settings);
  const root = findUpwards(machine, directory, "go.mod");
  if (root === undefined) return undefined;
  const main = readMain(machine, root);
  if (main instanceof Unseen) return main;
  const sums = readSums(machine, [`${root}/go.sum`]);
  if (sums instanceof Unseen) return sums;
  // A go.mod without a go line means go 1.16 (modload.modFileGoVersion).
  const go = main.goMod.go ?? "1.16";
  return {
    directory: root,
    from: directory,
    mains: [main],
    sums,
    go,
    vendored: usesVendor(machine, root, go, autoVendor, settings),
    replace: main.goMod.replace.map((replacement) => ({ ...replacement, from: root })),
  };
}

function readWorkspace(machine: GoMachine, workFile: string, from: string, settings: GoSettings): Project | Unseen {
  const text = machine.text(workFile);
  if (text instanceof Unseen) return text;
  if (text === undefined) throw new GoFileError(`${workFile}, which GOWORK names, does not exist`);
  const work = parseGoWork(text);
  const root = parentOf(workFile);
  const mains: MainModule[] = [];
  for (const use of work.use) {
    const main = readMain(machine, normalise(root, use));
    if (main instanceof Unseen) return main;
    mains.push(main);
  }
  const sums = readSums(machine, [`${root}/go.work.sum`, ...mains.map((main) => `${main.directory}/go.sum`)]);
  if (sums instanceof Unseen) return sums;
  const go = work.go ?? "1.18";
  const inModules = mains.flatMap((main) =>
    main.goMod.replace.map((replacement) => ({ ...replacement, from: main.directory })),
  );
  const replace = [...work.replace.map((replacement) => ({ ...replacement, from: root })), ...inModules];
  return {
    directory: root,
    from,
    mains,
    work,
    sums,
    go,
    vendored: usesVendor(machine, root, go, workVendor, settings),
    replace,
  };
}

function readMain(machine: GoMachine, directory: string): MainModule | Unseen {
  const text = machine.text(`${directory}/go.mod`);
  if (text instanceof Unseen) return text;
  if (text === undefined) throw new GoFileError(`${directory} has no go.mod`);
  return { directory, goMod: parseGoMod(text) };
}

function readSums(machine: GoMachine, files: readonly string[]): Map<string, readonly string[]> | Unseen {
  const sums = new Map<string, readonly string[]>();
  for (const file of files) {
    const text = machine.text(file);
    if (text instanceof Unseen) return text;
    if (text === undefined) continue;
    for (const [key, values] of parseGoSum(text)) sums.set(key, [...(sums.get(key) ?? []), ...values]);
  }
  return sums;
}

function usesVendor(machine: GoMachine, root: string, go: string, since: string, settings: GoSettings): boolean {
  const mod = flagValue(settings.goflags, "mod");
  if (mod !== undefined) return mod === "vendor";
  const vendor = machine.look(`${root}/vendor`);
  return compareGo(go, since) >= 0 && !(vendor instanceof Unseen) && vendor !== "absent" && vendor.type === "directory";
}

function workFileOf(machine: GoMachine, directory: string, settings: GoSettings): string | undefined {
  if (settings.workFile === "off" || flagValue(settings.goflags, "mod") === "mod") return undefined;
  if (settings.workFile.startsWith("/")) return settings.workFile;
  const root = findUpwards(machine, directory, "go.work");
  return root === undefined ? undefined : `${root === "/" ? "" : root}/go.work`;
}

function findUpwards(machine: GoMachine, directory: string, file: string): string | undefined {
  for (let at = directory; ; at = parentOf(at)) {
    const found = machine.look(at === "/" ? `/${file}` : `${at}/${file}`);
    if (found !== "absent" && !(found instanceof Unseen) && found.type !== "directory") return at;
    if (at === "/") return undefined;
  }
}

/** Applies the project's replace directives to a module version (modload.Replacement). */
export function actualModule(project: Project, module: ModuleVersion): Actual {
  const found =
    project.replace.find((replacement) => replacement.path === module.path && replacement.version === module.version) ??
    project.replace.find((replacement) => replacement.path === module.path && replacement.version === undefined);
  if (found === undefined) return { module };
  if ("directory" in found.by) return { directory: normalise(found.from, found.by.directory) };
  return { module: found.by };
}
