// Puts the files of `@v` directories and the extracted directories together into module versions.
import { statSync } from "node:fs";
import type { ModuleRecord, Readers } from "../facts/cache.ts";
import { unescapePath } from "../gocache/escape.ts";
import type { EntryKind } from "../gocache/kind.ts";
import { show, toBytes } from "../host/bytes.ts";
import type { Mount } from "../permission/mount.ts";
import { TreeEntry } from "../tree/entry.ts";
import { readStart } from "../tree/look.ts";
import type { Directory } from "./directory.ts";
import { readersOf } from "./readers.ts";

type RecordFile = keyof ModuleRecord["files"];
type Files = { -readonly [K in RecordFile]?: TreeEntry };

/** Something that can be read, and the directory that holds it. */
interface Tree {
  readonly entry: TreeEntry;
  readonly parent: Directory;
}

interface Escaped {
  readonly module: string;
  readonly version: string;
  readonly directory: string;
}

const recordFiles: ReadonlySet<EntryKind> = new Set(["info", "mod", "zip", "ziphash", "lock", "partial"]);
const once = { throwIfNoEntry: false } as const;

export class Records {
  /** Extracted directories by `<module>@<version>`, escaped, until their record is met. */
  private readonly trees = new Map<string, Tree>();
  private versions = new Map<string, Files>();
  /** Module versions of which it could not be told whether they are extracted, or recorded. */
  untold = 0;

  /** @param root GOMODCACHE */
  constructor(
    private readonly root: string,
    private readonly mount: Mount | undefined,
    private readonly judge: (record: ModuleRecord) => void,
  ) {}

  /** An extracted directory was met. These come before the `@v` directories. */
  meetTree(path: string, entry: TreeEntry, parent: Directory): void {
    this.trees.set(path.slice(this.root.length + 1), { entry, parent });
  }

  /** A file of the `@v` directory that is being listed. The entry is kept. */
  meetFile(name: string, kind: EntryKind, entry: TreeEntry): void {
    if (!recordFiles.has(kind)) return;
    const version = name.slice(0, name.length - kind.length - 1);
    let files = this.versions.get(version);
    if (files === undefined) {
      files = {};
      this.versions.set(version, files);
    }
    files[kind as RecordFile] = entry;
  }

  /** All names of an `@v` directory were met. @returns what is to be judged now or, where ACLs are asked, later */
  finish(directory: Directory): () => void {
    const { versions } = this;
    // The empty map goes to the next directory: judged later, it would have that one's versions.
    if (versions.size === 0) return () => {};
    this.versions = new Map();
    return () => {
      for (const [version, files] of versions) this.judgeVersion(directory, version, files);
    };
  }

  /** Judges what is extracted and has no record at all. */
  finishAll(): void {
    for (const [name, tree] of this.trees) {
      const at = name.indexOf("@");
      const module = name.slice(0, at);
      const version = name.slice(at + 1);
      const directory = `${this.root}/cache/download/${module}/@v`;
      // The record of a directory that could not be listed was not met either.
      if (this.look(`${directory}/${version}.ziphash`) !== "absent") this.untold += 1;
      else this.judge(this.record({ module, version, directory }, {}, tree.entry, undefined, [tree]));
    }
    this.trees.clear();
  }

  private judgeVersion(at: Directory, version: string, files: Files): void {
    const directory = at.path;
    const module = directory.slice(this.root.length + "/cache/download/".length, -"/@v".length);
    const name = `${module}@${version}`;
    const met = this.trees.get(name);
    const tree = met?.entry ?? this.look(`${this.root}/${name}`);
    this.trees.delete(name);
    if (tree === "untold") {
      this.untold += 1;
      return;
    }
    const extracted = tree === "absent" || tree.type !== "directory" ? undefined : tree;
    const { ziphash } = files;
    // Most file systems fill a file that a crash tore with NULs, at its full size: only its text tells.
    const text = ziphash?.type === "file" ? readStart(`${directory}/${version}.ziphash`) : undefined;
    const inFiles = [files.zip, files.mod, files.info].flatMap((entry) => (entry ? [{ entry, parent: at }] : []));
    const readable = met === undefined ? inFiles : [met, ...inFiles];
    this.judge(this.record({ module, version, directory }, files, extracted, text, readable));
  }

  private record(
    escaped: Escaped,
    files: Files,
    extracted: TreeEntry | undefined,
    ziphashText: string | undefined,
    readable: readonly Tree[],
  ): ModuleRecord {
    return new LazyRecord(this.root, escaped, files, extracted, ziphashText, readable);
  }

  /** stat(2) of what the walk did not meet: it is not there, or is a link, or a directory above it is closed. */
  private look(path: string): TreeEntry | "absent" | "untold" {
    try {
      const stats = statSync(toBytes(path), once);
      return stats === undefined ? "absent" : new TreeEntry(this.mount).fill(stats);
    } catch {
      return "untold";
    }
  }
}

/** A record whose names are put into words when somebody asks: most records are asked about their files alone. */
class LazyRecord implements ModuleRecord {
  declare readonly extracted?: TreeEntry;
  declare readonly ziphashText?: string;

  /** @param escaped as the names stand on disk */
  constructor(
    private readonly root: string,
    private readonly escaped: Escaped,
    readonly files: Files,
    extracted: TreeEntry | undefined,
    ziphashText: string | undefined,
    private readonly readable: readonly Tree[],
  ) {
    if (extracted !== undefined) this.extracted = extracted;
    if (ziphashText !== undefined) this.ziphashText = ziphashText;
  }

  get module(): string {
    return unescapePath(this.escaped.module) ?? show(this.escaped.module);
  }

  get version(): string {
    return unescapePath(this.escaped.version) ?? show(this.escaped.version);
  }

  get readers(): Readers {
    return readersOf(this.readable);
  }

  get directory(): string {
    return show(this.escaped.directory);
  }

  get tree(): string {
    return show(`${this.root}/${this.escaped.module}@${this.escaped.version}`);
  }
}
