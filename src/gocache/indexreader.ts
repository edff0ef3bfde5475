// The packages of a module that go has indexed: GOCACHE then holds what the module had when the index was made, and go asks no file
// for it again (cmd/go/internal/modindex/read.go). Nothing but the cache's zip tells what that was; the tree may have changed since.
import type { Kernel } from "../permission/kernel.ts";
import { Unknowable, Unseen } from "../permission/world.ts";
import { readGoSource } from "./gosource.ts";
import type { GoMachine, SourceHead } from "./machine.ts";
import { DiskReader, isGoFile } from "./packagereader.ts";

export class IndexReader extends DiskReader {
  /** The sizes of the zip's files in bytes, by directory and name; undefined if no zip can be read. */
  private readonly indexed: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined;
  private texts: ReadonlyMap<string, string> | undefined;

  /**
   * @param root the extracted module
   * @param zip its zip in the cache, which may be missing or broken
   * @param prefix what all names in the zip begin with: `example.com/m@v1.0.0/`
   */
  constructor(
    kernel: Kernel,
    machine: GoMachine,
    root: string,
    private readonly zip: string,
    private readonly prefix: string,
  ) {
    super(kernel, machine, root, "indexed");
    const entries = machine.look(zip) === "absent" ? undefined : machine.zipEntries(zip);
    if (entries === undefined || entries instanceof Unseen) return;
    const directories = byDirectory(entries, prefix);
    if (directories.size > 0) this.indexed = directories;
  }

  /** False if the tree had to be taken for what the index lists. */
  get isSure(): boolean {
    return this.indexed !== undefined;
  }

  override goFiles(directory: string): readonly string[] {
    return this.names(directory).filter(isGoFile).sort();
  }

  override names(directory: string): readonly string[] {
    if (this.indexed !== undefined) return [...(this.indexed.get(directory)?.keys() ?? [])];
    return this.machine.look(this.path(directory)) === "absent" ? [] : super.names(directory);
  }

  /** An index holds every file, whatever its platform. A file of the size that it has in the zip is taken to be the same. */
  override source(directory: string, name: string): SourceHead | undefined {
    const size = this.indexed?.get(directory)?.get(name);
    const entry = this.machine.look(`${this.path(directory)}/${name}`);
    const isSame = entry !== "absent" && !(entry instanceof Unseen) && entry.type === "file" && entry.size === size;
    if (size === undefined || isSame) return this.head(directory, name);
    const text = this.zipped().get(`${this.prefix}${directory === "" ? "" : `${directory}/`}${name}`);
    return text === undefined ? undefined : { source: readGoSource(text) };
  }

  private zipped(): ReadonlyMap<string, string> {
    if (this.texts !== undefined) return this.texts;
    const texts = this.machine.zipTexts(this.zip, ".go");
    if (texts instanceof Unseen) throw new Unknowable(this.zip, texts.reason);
    this.texts = texts;
    return texts;
  }
}

function byDirectory(entries: ReadonlyMap<string, number>, prefix: string): Map<string, Map<string, number>> {
  const directories = new Map<string, Map<string, number>>();
  for (const [path, size] of entries) {
    if (!path.startsWith(prefix)) continue;
    const slash = path.lastIndexOf("/");
    const directory = path.slice(prefix.length, Math.max(slash, prefix.length));
    const files = directories.get(directory) ?? new Map<string, number>();
    directories.set(directory, files.set(path.slice(slash + 1), size));
  }
  return directories;
}
