// The block of a project's .envrc that chooses a partition: direnv(1) runs it in bash when a shell enters the directory. Pure.
import { beginMark, endMark } from "../generate/marked-block.ts";
import { printable } from "../report/safe.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { refuseControls } from "./shell-block.ts";

export interface EnvrcContent {
  /** GOMODCACHE of the partition. Absolute. */
  readonly modules: string;
  /** GOCACHE of the partition, which holds compiled private code. Absolute. */
  readonly build: string;
  /** The home directory of the user; what is below it is written so that it holds for whoever reads the file. */
  readonly home: string;
  /** True if several users share the module cache: its path is then everybody's, wherever it is. */
  readonly shared: boolean;
  /** The command line that writes the block, for the reader of the file. */
  readonly command: string;
}

/**
 * The block, each line ended by LF.
 * @throws {UserError} if a name holds a control character
 */
export function envrcBlock({ modules, build, home, shared, command }: EnvrcContent): string {
  refuseControls(modules);
  refuseControls(build);
  const own = (shared ? [build] : [build, modules])
    .filter((path) => isBelow(path, home))
    .map((path) => inShell(path, home));
  return [
    beginMark,
    `# Written by: ${printable(command)}`,
    "# The next run replaces this block. What is outside of it is left alone.",
    "# A go command has one module cache: all modules of this project go there, the public ones too.",
    `export GOMODCACHE=${shared ? shellQuote(modules) : inShell(modules, home)}`,
    `export GOCACHE=${inShell(build, home)}`,
    // Whoever else checks the project out gets directories that are closed from the beginning: go makes them as the umask says.
    ...(own.length === 0 ? [] : [`(umask 077 && mkdir -p ${own.join(" ")})`]),
    endMark,
    "",
  ].join("\n");
}

/** A path as a shell is to read it, from `$HOME` where it is below the home directory. */
export function inShell(path: string, home: string): string {
  return isBelow(path, home) ? `"$HOME"/${shellQuote(path.slice(home.length + 1))}` : shellQuote(path);
}

function isBelow(path: string, home: string): boolean {
  return home !== "/" && path.startsWith(`${home}/`);
}
