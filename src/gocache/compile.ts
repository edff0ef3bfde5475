// Which files of a package the compiler, the assembler and go:embed read.
import { Unknowable, Unseen } from "../permission/world.ts";
import { nameMatches } from "./constraint.ts";
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
  for (const name of found.root.reader.files(found.directory).keys()) {
    if (pattern.test(name) && !/^[._]/.test(name) && nameMatches(name, play.context)) names.push(name);
  }
  return names;
}

/** The absolute paths that the package's //go:embed patterns name. Empty for what is freshly extracted. */
export function embeddedFiles(play: Play, found: LoadedPackage): string[] {
  const patterns = found.files.flatMap(({ source }) => source?.embeds ?? []);
  const { reader } = found.root;
  if (patterns.length === 0 || !(reader instanceof DiskReader)) return [];
  const top = reader.path(found.directory);
  return patterns.flatMap((pattern) => {
    const everything = pattern.startsWith("all:");
    return expand(play, top, (everything ? pattern.slice(4) : pattern).split("/")).flatMap((path) =>
      filesBelow(play, path, everything),
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

function filesBelow(play: Play, path: string, everything: boolean): string[] {
  const entry = play.machine.look(path);
  if (entry instanceof Unseen) throw new Unknowable(path, entry.reason);
  if (entry === "absent" || entry.type !== "directory") return [path];
  return play.kernel
    .readDirectory(path)
    .filter((name) => everything || !/^[._]/.test(name))
    .flatMap((name) => filesBelow(play, `${path}/${name}`, everything));
}
