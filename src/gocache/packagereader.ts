// How go reads the packages of one module: from disk file by file, or from what it has just extracted; indexreader.ts has the third
// way, an index in GOCACHE (cmd/go/internal/modindex/{read,scan}.go, go/build/build.go).
import type { Kernel } from "../permission/kernel.ts";
import { Refused, Unknowable, Unseen } from "../permission/world.ts";
import { readGoSource } from "./gosource.ts";
import type { GoMachine, SourceHead } from "./machine.ts";

export interface PackageReader {
  /** How the module's packages are listed: from a ready index, by making one, or without. */
  readonly mode: "indexed" | "indexing" | "plain";
  /** The .go files of a package directory that could take part in a build. @throws Refused if go could not list it */
  goFiles(directory: string): readonly string[];
  /** One of them, or undefined if go would not look at it. @param matches whether its name fits the platform */
  source(directory: string, name: string, matches: boolean): SourceHead | undefined;
  /** Every file that go takes for a part of a package directory, of any kind. */
  names(directory: string): readonly string[];
  /** Opens a file as the compiler does. */
  compile(directory: string, name: string): void;
  /** Every file that is in a directory, with its size in bytes; none for what is only about to be extracted. */
  files(directory: string): ReadonlyMap<string, number>;
}

/** True for the names of Go files that could take part in a build: `_x.go` and `.x.go` never do. */
export function isGoFile(name: string): boolean {
  return name.endsWith(".go") && !name.startsWith("_") && !name.startsWith(".");
}

/** A directory on disk: a main module, a replacement, a vendor directory, an extracted module. */
export class DiskReader implements PackageReader {
  readonly mode: PackageReader["mode"];
  /** True for what is not in the module cache, and so may hold other modules below it. */
  readonly isLocal: boolean;

  /** @param mode `plain` for what is not in the module cache, which go never indexes as a module */
  constructor(
    protected readonly kernel: Kernel,
    protected readonly machine: GoMachine,
    readonly root: string,
    mode: PackageReader["mode"],
  ) {
    this.isLocal = mode === "plain";
    this.mode = mode === "indexing" && !canIndex(kernel, machine, root) ? "plain" : mode;
  }

  goFiles(directory: string): readonly string[] {
    const path = this.path(directory);
    const names = this.kernel.readDirectory(path);
    return names.filter((name) => isGoFile(name) && this.isFile(`${path}/${name}`)).sort();
  }

  source(directory: string, name: string, matches: boolean): SourceHead | undefined {
    if (this.mode === "plain" && !matches) return undefined;
    this.compile(directory, name);
    return this.head(directory, name);
  }

  names(directory: string): readonly string[] {
    return [...this.files(directory).keys()];
  }

  /** The head of a file on disk, or undefined if it is not there. */
  head(directory: string, name: string): SourceHead | undefined {
    const path = `${this.path(directory)}/${name}`;
    const head = this.machine.head(path);
    if (head instanceof Unseen) throw new Unknowable(path, head.reason);
    return head;
  }

  compile(directory: string, name: string): void {
    this.kernel.open(`${this.path(directory)}/${name}`, { read: true });
  }

  files(directory: string): ReadonlyMap<string, number> {
    const path = this.path(directory);
    const names = this.machine.names(path);
    if (names instanceof Unseen) throw new Unknowable(path, names.reason);
    const sizes = new Map<string, number>();
    for (const name of names) {
      const entry = this.machine.look(`${path}/${name}`);
      if (entry instanceof Unseen) throw new Unknowable(`${path}/${name}`, entry.reason);
      if (entry !== "absent" && entry.type === "file") sizes.set(name, entry.size);
    }
    return sizes;
  }

  /** The absolute path of a package directory. */
  path(directory: string): string {
    return directory === "" ? this.root : `${this.root}/${directory}`;
  }

  private isFile(path: string): boolean {
    const entry = this.machine.look(path);
    if (entry instanceof Unseen) throw new Unknowable(path, entry.reason);
    return entry !== "absent" && entry.type !== "directory";
  }
}

/** indexModule gives up when any directory of the module cannot be listed; then go reads package by package. */
function canIndex(kernel: Kernel, machine: GoMachine, root: string): boolean {
  const queue = [root];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    let names: string[];
    try {
      names = kernel.readDirectory(path);
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
    for (const name of names) {
      const child = `${path}/${name}`;
      const entry = machine.look(child);
      if (entry instanceof Unseen) throw new Unknowable(child, entry.reason);
      if (entry === "absent") continue;
      if (entry.type === "symlink") return false;
      if (entry.type === "directory" && machine.look(`${child}/go.mod`) === "absent") queue.push(child);
    }
  }
  return true;
}

/** What go extracts from the zip in this very run: its own files, so it may read them all. */
export class FreshReader implements PackageReader {
  readonly mode = "plain";

  /** @param texts the zip's Go files by name below the module */
  constructor(private readonly texts: ReadonlyMap<string, string>) {}

  goFiles(directory: string): string[] {
    return this.names(directory).filter(isGoFile);
  }

  names(directory: string): string[] {
    const prefix = directory === "" ? "" : `${directory}/`;
    return [...this.texts.keys()]
      .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes("/"))
      .map((name) => name.slice(prefix.length));
  }

  source(directory: string, name: string, matches: boolean): SourceHead | undefined {
    const text = matches ? this.texts.get(directory === "" ? name : `${directory}/${name}`) : undefined;
    return text === undefined ? undefined : { source: readGoSource(text) };
  }

  compile(): void {
    // The subject's own files.
  }

  files(): ReadonlyMap<string, number> {
    return new Map();
  }
}
