// Which files of a package the compiler, the assembler and go:embed read.
import type { Entry } from "../permission/entry.ts";
import { Unknowable, Unseen } from "../permission/world.ts";
import { nameMatches } from "./constraint.ts";
import { goFails } from "./outcome.ts";
import { DiskReader } from "./packagereader.ts";
import type { LoadedPackage } from "./packages.ts";
import type { Play } from "./play.ts";

/** Files beside the Go ones that a build reads; C sources only with cgo (go/build/build.go). */
const assembly = /\.(s|h|syso)$/;
const cgoSources = /\.(s|S|sx|h|hh|hpp|hxx|c|cc|cpp|cxx|m|syso)$/;

/** The names that a build opens in the package's directory. */
export function compiledFiles(play: Play, found: LoadedPackage): string[] {
  const names = found.files.map(({ name }) => name);
  const cgo = found.files.some(({ source }) => source?.imports.includes("C"));
  const pattern = cgo ? cgoSources : assembly;
  for (const name of found.root.reader.names(found.directory)) {
    if (pattern.test(name) && !/^[._]/.test(name) && nameMatches(name, play.context)) names.push(name);
  }
  return names;
}

/**
 * The absolute paths that the package's //go:embed patterns name (load.resolveEmbed). Empty for what is freshly extracted.
 * @throws {GoFailure} if a pattern matches nothing that can be embedded
 */
export function embeddedFiles(play: Play, found: LoadedPackage): string[] {
  const patterns = found.files.flatMap(({ source }) => source?.embeds ?? []);
  const { reader } = found.root;
  if (patterns.length === 0 || !(reader instanceof DiskReader)) return [];
  const top = reader.path(found.directory);
  return patterns.flatMap((pattern) => {
    const everything = pattern.startsWith("all:");
    const matches = expand(play, top, (everything ? pattern.slice(4) : pattern).split("/"));
    const files = matches.flatMap((path) => embedded(play, path, everything));
    if (files.length > 0) return files;
    throw goFails(
      top,
      "hold what it embeds",
      `package ${found.importPath}: pattern ${pattern}: no matching files found in ${top}`,
    );
  });
}

function expand(play: Play, directory: string, [element, ...rest]: readonly string[]): string[] {
  if (element === undefined) return [directory];
  if (element === ".") return expand(play, directory, rest);
  if (!/[*?[\\]/.test(element)) return expand(play, `${directory}/${element}`, rest);
  const source = element
    .replace(/[.+^${}()|]/g, "\\$&")
    .replace(/\*/g, "[^/]*")
    .replace(/\?/g, "[^/]");
  const matches = new RegExp(`^${source}$`);
  return play.kernel
    .readDirectory(directory)
    .filter((name) => matches.test(name))
    .flatMap((name) => expand(play, `${directory}/${name}`, rest));
}

/** A file that a pattern names, or the files of a directory that it names, of which there must be one. */
function embedded(play: Play, path: string, everything: boolean): string[] {
  if (lookAt(play, path) === "absent") return [];
  // resolveEmbed asks as the user: what can be listed but not entered ends it.
  const entry = play.kernel.lstat(path);
  if (entry.type === "file") return [path];
  if (entry.type !== "directory")
    throw goFails(path, "be a regular file", `go:embed: cannot embed irregular file ${path}`);
  const files = filesBelow(play, path, everything);
  if (files.length > 0) return files;
  throw goFails(
    path,
    "hold what is embedded",
    `go:embed: cannot embed directory ${path}: contains no embeddable files`,
  );
}

function filesBelow(play: Play, directory: string, everything: boolean): string[] {
  return play.kernel
    .readDirectory(directory)
    .filter((name) => everything || !/^[._]/.test(name))
    .flatMap((name) => {
      const path = `${directory}/${name}`;
      const entry = lookAt(play, path);
      if (entry === "absent") return [];
      if (entry.type === "file") return [path];
      // Directories of another module are passed over, and so is what is neither file nor directory.
      if (entry.type !== "directory" || lookAt(play, `${path}/go.mod`) !== "absent") return [];
      return filesBelow(play, path, everything);
    });
}

function lookAt(play: Play, path: string): Entry | "absent" {
  const entry = play.machine.look(path);
  if (entry instanceof Unseen) throw new Unknowable(path, entry.reason);
  return entry;
}
