// go.mod, go.work and go.sum, read as far as the module cache is concerned (https://go.dev/ref/mod, golang.org/x/mod/modfile).

export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

export interface Replacement {
  readonly path: string;
  /** Only this version is replaced; every version if absent. */
  readonly version?: string;
  /** A module, or a directory if `directory` is set. */
  readonly by: ModuleVersion | { readonly directory: string };
}

export interface GoMod {
  readonly module: string;
  /** The `go` line without "go": `1.22`, `1.22.3`; absent in old files. */
  readonly go?: string;
  readonly toolchain?: string;
  readonly require: readonly ModuleVersion[];
  readonly replace: readonly Replacement[];
  readonly exclude: readonly ModuleVersion[];
  /** The packages of `tool` lines. */
  readonly tools: readonly string[];
}

export interface GoWork {
  readonly go?: string;
  readonly use: readonly string[];
  readonly replace: readonly Replacement[];
}

/** A go.mod, go.work or go.sum that go itself would reject. */
export class GoFileError extends Error {}

/** Parses a go.mod file. @throws {GoFileError} naming the line */
export function parseGoMod(text: string): GoMod {
  const directives = readDirectives(text, "go.mod");
  const module = first(directives, "module");
  if (module === undefined) throw new GoFileError("go.mod has no module line");
  const go = first(directives, "go");
  const toolchain = first(directives, "toolchain");
  return {
    module,
    ...(go === undefined ? {} : { go }),
    ...(toolchain === undefined ? {} : { toolchain }),
    require: all(directives, "require").map(parseModuleVersion),
    replace: all(directives, "replace").map(parseReplacement),
    exclude: all(directives, "exclude").map(parseModuleVersion),
    tools: all(directives, "tool").map((words) => words.words[0] ?? ""),
  };
}

/** Parses a go.work file. @throws {GoFileError} naming the line */
export function parseGoWork(text: string): GoWork {
  const directives = readDirectives(text, "go.work");
  const go = first(directives, "go");
  return {
    ...(go === undefined ? {} : { go }),
    use: all(directives, "use").map((line) => line.words[0] ?? "."),
    replace: all(directives, "replace").map(parseReplacement),
  };
}

/**
 * Parses a go.sum file.
 * @returns the sums by `path version` (or `path version/go.mod`)
 */
export function parseGoSum(text: string): Map<string, string[]> {
  const sums = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [path, version, sum, more] = line.trim().split(/\s+/);
    if (path === undefined || path === "") continue;
    if (version === undefined || sum === undefined || more !== undefined)
      throw new GoFileError(`malformed go.sum line: ${line.trim()}`);
    const key = `${path} ${version}`;
    sums.set(key, [...(sums.get(key) ?? []), sum]);
  }
  return sums;
}

interface Line {
  readonly verb: string;
  readonly words: readonly string[];
  readonly where: string;
}

const verbs = new Set([
  "module",
  "go",
  "toolchain",
  "require",
  "replace",
  "exclude",
  "retract",
  "tool",
  "godebug",
  "use",
  "ignore",
]);

function readDirectives(text: string, file: string): Line[] {
  const lines: Line[] = [];
  let block: string | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const where = `${file}:${index + 1}`;
    const words = splitWords(raw, where);
    if (words.length === 0) continue;
    if (block !== undefined) {
      if (words[0] === ")") block = undefined;
      else lines.push({ verb: block, words, where });
      continue;
    }
    const [verb, ...rest] = words as [string, ...string[]];
    if (!verbs.has(verb)) throw new GoFileError(`${where}: unknown directive: ${verb}`);
    if (rest[0] === "(" && rest.length === 1) block = verb;
    else if (rest.length === 0) throw new GoFileError(`${where}: ${verb} says nothing`);
    else lines.push({ verb, words: rest, where });
  }
  if (block !== undefined) throw new GoFileError(`${file}: the ${block} ( block is not closed`);
  return lines;
}

/** Words, quoted or not; what follows `//` is a comment. */
function splitWords(line: string, where: string): string[] {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== "" && !rest.startsWith("//")) {
    const match = /^(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|([^\s"`()]+|[()]))\s*/.exec(rest);
    if (match === null) throw new GoFileError(`${where}: cannot be read: ${rest}`);
    words.push(match[1]?.replace(/\\(.)/g, "$1") ?? match[2] ?? (match[3] as string));
    rest = rest.slice(match[0].length);
  }
  return words;
}

function first(lines: readonly Line[], verb: string): string | undefined {
  return lines.find((line) => line.verb === verb)?.words[0];
}

function all(lines: readonly Line[], verb: string): Line[] {
  return lines.filter((line) => line.verb === verb);
}

function parseModuleVersion(line: Line): ModuleVersion {
  const [path, version] = line.words;
  if (path === undefined || version === undefined)
    throw new GoFileError(`${line.where}: usage: ${line.verb} module/path v1.2.3`);
  return { path, version };
}

function parseReplacement(line: Line): Replacement {
  const arrow = line.words.indexOf("=>");
  const [path, version] = line.words.slice(0, arrow);
  const [by, byVersion] = line.words.slice(arrow + 1);
  if (arrow < 1 || path === undefined || by === undefined) {
    throw new GoFileError(`${line.where}: usage: replace module/path [v1.2.3] => other/module v1.4 or ../directory`);
  }
  return {
    path,
    ...(version === undefined ? {} : { version }),
    by: byVersion === undefined ? { directory: by } : { path: by, version: byVersion },
  };
}
