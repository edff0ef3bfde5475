// What a go command does to the caches, as far as its words tell.

import { Remembered } from "../remembered.ts";
import { programOf, type ShellCommand, type ShellWord } from "../shell/command.ts";

export interface GoCommand {
  readonly command: ShellCommand;
  /** `build`, `mod download`, `clean`, … */
  readonly verb: string;
  /** What follows the verb, flags included. */
  readonly rest: readonly ShellWord[];
  /** It brings modules into GOMODCACHE if they are missing. */
  readonly fetches: boolean;
  /** It compiles, so that it must write GOCACHE. */
  readonly compiles: boolean;
  /** It loads packages of modules, whose index go keeps in GOCACHE (cmd/go/internal/modindex, since Go 1.19); or it compiles. */
  readonly loads: boolean;
  /** `install PACKAGE@VERSION`, `run PACKAGE@VERSION`, `mod download MODULE@VERSION`: modules that no go.mod here names. */
  readonly versioned: boolean;
}

const fetching = new Set([
  "build",
  "test",
  "run",
  "install",
  "get",
  "vet",
  "list",
  "mod download",
  "mod tidy",
  "mod vendor",
]);
const compiling = new Set(["build", "test", "run", "install", "vet"]);

const loading = new Set(["get", "list", "generate", "fix", "mod tidy", "mod vendor", "mod why"]);

/** Every rule asks about every command: each is parsed once. */
const known = new Remembered<ShellCommand, GoCommand | "other">();

/** A command as one of go, or undefined. */
export function goCommand(command: ShellCommand): GoCommand | undefined {
  let go = known.get(command);
  if (go === undefined) {
    go = parseGo(command) ?? "other";
    known.set(command, go);
  }
  return go === "other" ? undefined : go;
}

function parseGo(command: ShellCommand): GoCommand | undefined {
  if (!/^go(1[.\d]+)?$/.test(programOf(command))) return undefined;
  const words = command.words.slice(1);
  // go -C DIR VERB, since Go 1.20.
  if (words[0]?.value === "-C") words.splice(0, 2);
  else if (words[0]?.value.startsWith("-C=")) words.splice(0, 1);
  const [first, second] = words;
  if (first === undefined) return undefined;
  const two = first.value === "mod" || first.value === "work" || first.value === "tool";
  const verb = two && second !== undefined ? `${first.value} ${second.value}` : first.value;
  const rest = words.slice(two ? 2 : 1);
  return {
    command,
    verb,
    rest,
    fetches: fetching.has(verb),
    compiles: compiling.has(verb),
    loads: compiling.has(verb) || (loading.has(verb) && !rest.some(({ value }) => /^--?m(=|$)/.test(value))),
    versioned:
      ["install", "run", "mod download"].includes(verb) && rest.some(({ value }) => /^[^-=]+@[^/\s]+$/.test(value)),
  };
}

/** True if a flag is given, as `-name`, `--name` or with a value. */
export function hasFlag({ rest }: GoCommand, name: string): boolean {
  return rest.some(({ value }) => new RegExp(`^--?${name}(=|$)`).test(value));
}
