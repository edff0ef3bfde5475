// The same answers as kindOf, found step by step on the way down: what a directory is to Go decides
// once what its names can be, so that no path is taken apart for each of half a million files.
import { type EntryKind, kindOf } from "./kind.ts";

/** A directory of the cache, by its path below GOMODCACHE. */
export interface Placed {
  readonly relative: string;
}

/** What a directory holds. */
export interface Area {
  readonly fileKind: (name: string, directory: Placed) => EntryKind;
  readonly directoryKind: (name: string, directory: Placed) => EntryKind;
  /** What the directory of that name holds. */
  readonly below: (name: string) => Area;
}

function uniform(fileKind: EntryKind, directoryKind: EntryKind): Area {
  const area: Area = { fileKind: () => fileKind, directoryKind: () => directoryKind, below: () => area };
  return area;
}

const foreign = uniform("foreign", "foreign");
const vcs = uniform("vcs", "vcs");
const sumdb = uniform("sumdb", "sumdb");
const source = uniform("source-file", "source-directory");
const program = uniform("toolchain-binary", "source-directory");
/** Directories outside `cache` below a name that begins with `@`, as no module path does. */
const parentsOfNothing = uniform("foreign", "directory");

const toolchainPackage: Area = { ...source, below: (name) => (name === "tool" ? program : source) };
const toolchain: Area = {
  ...source,
  below: (name) => (name === "bin" ? program : name === "pkg" ? toolchainPackage : source),
};

/** Names that are odd enough to be left to kindOf. */
const byPath: Area = {
  fileKind: (name, directory) => kindOf(`${directory.relative}/${name}`, false),
  directoryKind: (name, directory) => kindOf(`${directory.relative}/${name}`, true),
  below: () => byPath,
};

/** `cache/download/<module>/@v` */
export const versionArea: Area = {
  fileKind: (name) => versionFileKind(name),
  directoryKind: () => "foreign",
  below: () => foreign,
};

const downloads: Area = {
  fileKind: (name, directory) => (name.startsWith("@v") ? byPath.fileKind(name, directory) : "foreign"),
  directoryKind: (name, directory) =>
    name === "@v" ? "version-directory" : name.startsWith("@v") ? byPath.directoryKind(name, directory) : "directory",
  below: (name) => (name === "@v" ? versionArea : name.startsWith("@v") ? byPath : downloads),
};
const downloadRoot: Area = { ...downloads, below: (name) => (name === "sumdb" ? sumdb : downloads.below(name)) };

const cache: Area = {
  fileKind: (name) => (name === "lock" ? "side-lock" : name === "vcs" ? "vcs" : "foreign"),
  directoryKind: (name) => (name === "download" ? "directory" : name === "vcs" ? "vcs" : "foreign"),
  below: (name) => (name === "download" ? downloadRoot : name === "vcs" ? vcs : foreign),
};

const moduleParents: Area = {
  fileKind: () => "foreign",
  directoryKind: (name) => (name.indexOf("@") > 0 ? "module-directory" : "directory"),
  below: (name) => {
    const at = name.indexOf("@");
    return at > 0 ? source : at === 0 ? parentsOfNothing : moduleParents;
  },
};
const golang: Area = {
  ...moduleParents,
  below: (name) => (name.startsWith("toolchain@") ? toolchain : moduleParents.below(name)),
};

/** GOMODCACHE itself. */
export const rootArea: Area = {
  ...moduleParents,
  below: (name) => (name === "cache" ? cache : name === "golang.org" ? golang : moduleParents.below(name)),
};

/** Names of `@v` by their end, the commonest first; a few comparisons instead of two regular expressions. */
function versionFileKind(name: string): EntryKind {
  const kind = name.slice(name.lastIndexOf(".") + 1);
  switch (kind) {
    case "info":
    case "mod":
    case "zip":
    case "ziphash":
    case "lock":
    case "partial":
      return name.length > kind.length + 1 ? kind : "foreign";
    default:
      return name === "list" ? "list" : /\d+\.tmp$/.test(name) ? "temporary" : "foreign";
  }
}
