// Asks git about a work tree, safely: as the tree's owner, with no configuration but the repository's own, and with nothing in that
// configuration that could start a program.
import { lstatSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { complaint, run } from "../host/run.ts";

export interface WorkTree {
  /** Absolute. */
  readonly directory: string;
  readonly owner: { readonly uid: number; readonly gid: number };
}

/** The work tree that a directory is in, by its `.git`, without asking git. */
export function findWorkTree(directory: string): WorkTree | undefined {
  for (let at = directory; ; at = dirname(at)) {
    if (lstatSync(join(at, ".git"), { throwIfNoEntry: false }) !== undefined) {
      const { uid, gid } = statSync(at);
      return { directory: at, owner: { uid, gid } };
    }
    if (at === dirname(at)) return undefined;
  }
}

// core.fsmonitor may name a program that every git command starts (git-config(1)); hooks cannot run from ls-files, to be sure.
const harmless = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false"];

/** Runs a git command that ends its records with NUL. @returns the records, or why there are none */
export function askGit(tree: WorkTree, args: readonly string[], context: Context): string[] | { failed: string } {
  const { owner, directory } = tree;
  const other = process.geteuid?.() === 0 && owner.uid !== 0;
  const result = run("git", [...harmless, ...args], {
    cwd: directory,
    timeout: 60_000,
    env: {
      PATH: context.env["PATH"],
      HOME: "/nonexistent",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_NO_LAZY_FETCH: "1",
      GIT_TERMINAL_PROMPT: "0",
      LC_ALL: "C",
    },
    ...(other ? owner : {}),
  });
  if (result.status !== 0) return { failed: complaint(result) };
  return result.stdout
    .toString("utf8")
    .split("\0")
    .filter((record) => record !== "");
}
