// The contents that a verdict about a go command depends on: texts, zips and their hashes, go's index of modules.
import { createHash } from "node:crypto";
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { unzipSync } from "fflate";
import { readGoSource } from "../gocache/gosource.ts";
import type { GoMachine, SourceHead } from "../gocache/machine.ts";
import { Unseen, type World } from "../permission/world.ts";
import { toBytes } from "./bytes.ts";
import { zipDirectory } from "./zip.ts";

/** Zips that are larger are not hashed in memory. Go itself refuses module zips over 500 MiB. */
const largestZip = 512 * 1024 * 1024;
const largestText = 16 * 1024 * 1024;
/** Texts up to so many characters (go.mod files, hashes) are remembered: several questions come by them. */
const rememberedText = 4096;

/** What the machine's file system tells about texts, beside the World. */
export interface TextWorld extends World {
  text(path: string, maxBytes: number): string | "absent" | Unseen;
}

export class DiskMachine implements GoMachine {
  private readonly indexes = new Map<string, boolean>();
  private readonly texts = new Map<string, string>();
  private readonly zips = new Map<string, ReadonlyMap<string, number> | Unseen>();
  private readonly heads = new Map<string, SourceHead>();

  /**
   * @param goVersion of the go whose index is looked for: `1.26.8`
   * @param buildCache GOCACHE, if it is known
   */
  constructor(
    private readonly world: TextWorld,
    private readonly goVersion: string,
    private readonly buildCache: string | undefined,
  ) {}

  look(path: string): ReturnType<World["look"]> {
    return this.world.look(path);
  }

  names(path: string): ReturnType<World["names"]> {
    return this.world.names(path);
  }

  target(path: string): ReturnType<World["target"]> {
    return this.world.target(path);
  }

  text(path: string): string | undefined | Unseen {
    const known = this.texts.get(path);
    if (known !== undefined) return known;
    if (this.world.look(path) === "absent") return undefined;
    const text = this.world.text(path, largestText);
    if (typeof text === "string" && text.length <= rememberedText) this.texts.set(path, text);
    return text;
  }

  head(path: string): SourceHead | undefined | Unseen {
    const known = this.heads.get(path);
    if (known !== undefined) return known;
    if (this.world.look(path) === "absent") return undefined;
    const text = this.world.text(path, largestText);
    if (text instanceof Unseen) return text;
    const head = { source: readGoSource(text) };
    this.heads.set(path, head);
    return head;
  }

  sha256(text: string): string {
    return createHash("sha256").update(text).digest("base64");
  }

  zipEntries(path: string): ReadonlyMap<string, number> | Unseen {
    const known = this.zips.get(path);
    if (known !== undefined) return known;
    const entries = withFile(path, (fd, size) => zipDirectory((at, length) => readAt(fd, at, length), size));
    this.zips.set(path, entries);
    return entries;
  }

  zipTexts(path: string, suffix: string): Map<string, string> | Unseen {
    return withFile(path, (fd, size) => {
      if (size > largestZip) return new Unseen("it is too large to be read in memory");
      const files = unzipSync(readAt(fd, 0, size), { filter: (file) => file.name.endsWith(suffix) });
      return new Map(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
    });
  }

  /** dirhash.HashZip. */
  zipSum(path: string): string | undefined | Unseen {
    return withFile(path, (fd, size) => {
      if (size > largestZip) return new Unseen("it is too large to be hashed in memory");
      let files: Record<string, Uint8Array>;
      try {
        files = unzipSync(readAt(fd, 0, size));
      } catch {
        return undefined;
      }
      return hash1(Object.keys(files).sort(), (name) => digest(files[name] as Uint8Array));
    });
  }

  /** dirhash.HashDir. */
  treeSum(directory: string, prefix: string): string | Unseen {
    const digests = new Map<string, string>();
    const queue = [""];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      const names = this.world.names(`${directory}${at}`);
      if (names instanceof Unseen) return names;
      for (const name of names) {
        const path = `${directory}${at}/${name}`;
        const entry = this.world.look(path);
        if (entry instanceof Unseen) return entry;
        if (entry === "absent") continue;
        if (entry.type === "directory") {
          queue.push(`${at}/${name}`);
          continue;
        }
        const content = withFile(path, (fd, size) => digest(readAt(fd, 0, size)));
        if (content instanceof Unseen) return content;
        digests.set(`${prefix}${at}/${name}`, content);
      }
    }
    return hash1([...digests.keys()].sort(), (name) => digests.get(name) as string);
  }

  /** The file that modindex.openIndexModule would map (cmd/go/internal/modindex/read.go: moduleHash; cmd/go/internal/cache). */
  indexed(tree: string): boolean {
    const known = this.indexes.get(tree);
    if (known !== undefined) return known;
    if (this.buildCache === undefined) return false;
    const version = `go${this.goVersion}`;
    const id = createHash("sha256").update(`${version}module index ${version} go index v2 ${tree}\n`).digest("hex");
    const found = existsSync(`${this.buildCache}/${id.slice(0, 2)}/${id}-a`);
    this.indexes.set(tree, found);
    return found;
  }
}

/** dirhash.Hash1: `h1:` and the SHA-256 of a line per file, "hex of its SHA-256, two spaces, name". */
function hash1(sortedNames: readonly string[], digestOf: (name: string) => string): string {
  const hash = createHash("sha256");
  for (const name of sortedNames) hash.update(`${digestOf(name)}  ${name}\n`);
  return `h1:${hash.digest("base64")}`;
}

function digest(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Opens a regular file; nothing else is ever opened, so that a FIFO cannot hold us up. */
function withFile<T>(path: string, use: (fd: number, size: number) => T): T | Unseen {
  let fd: number;
  try {
    fd = openSync(toBytes(path), readOnlyNonBlocking);
  } catch (error) {
    return new Unseen(`it could not be opened: ${(error as Error).message}`);
  }
  try {
    const stats = fstatSync(fd);
    return stats.isFile() ? use(fd, stats.size) : new Unseen("it is not a regular file");
  } catch (error) {
    return new Unseen(`it could not be read: ${(error as Error).message}`);
  } finally {
    closeSync(fd);
  }
}

/** O_RDONLY | O_NONBLOCK of Linux and macOS differ only in the second's value; node:fs has it per platform. */
const readOnlyNonBlocking = process.platform === "darwin" ? 0x4 : 0o4000;

function readAt(fd: number, at: number, length: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const count = readSync(fd, buffer, read, length - read, at + read);
    if (count === 0) break;
    read += count;
  }
  return buffer.subarray(0, read);
}
