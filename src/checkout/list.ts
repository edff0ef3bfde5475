// Which files of a repository lint looks at: what git tracks, or, without git, what is in the directory.
import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Context } from "../context.ts";
import { couldMatter } from "../lint/file.ts";
import { askGit, findWorkTree, type WorkTree } from "./git.ts";

export interface Checkout {
  /** Absolute; paths are relative to it. */
  readonly root: string;
  readonly tree?: WorkTree;
  /** All paths, with slashes; undefined if they were not listed. */
  readonly tracked?: ReadonlySet<string>;
  /** Those that could matter. */
  readonly candidates: readonly string[];
  /** Why git was not asked or did not answer. */
  readonly problem?: string;
}

/** More is no source tree; directories below are then left out, and that is told. */
const mostEntries = 200_000;

/** Lists what is tracked below a directory. */
export function listCheckout(directory: string, context: Context): Checkout {
  const tree = findWorkTree(directory);
  if (tree === undefined) return walked(directory);
  // MODE OBJECT STAGE<TAB>PATH
  const records = askGit(tree, ["ls-files", "-z", "--stage"], context);
  if ("failed" in records) return { ...walked(directory), problem: `git could not list the files: ${records.failed}` };
  const tracked = new Set<string>();
  const candidates: string[] = [];
  const prefix = relative(tree.directory, directory).split(sep).join("/");
  for (const record of records) {
    const tab = record.indexOf("\t");
    const path = record.slice(tab + 1);
    const mode = record.slice(0, 6);
    // A submodule (160000) is a repository of its own.
    if (mode === "160000" || tracked.has(path)) continue;
    tracked.add(path);
    const here = prefix === "" || path.startsWith(`${prefix}/`);
    if (here && couldMatter(path, mode === "100755")) candidates.push(path);
  }
  return { root: tree.directory, tree, tracked, candidates };
}

function walked(directory: string): Checkout {
  const candidates: string[] = [];
  const waiting = [""];
  let entries = 0;
  let problem: string | undefined;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    let children: import("node:fs").Dirent[];
    try {
      children = readdirSync(join(directory, at), { withFileTypes: true });
    } catch (error) {
      problem ??= `${at === "" ? directory : at} could not be listed: ${(error as NodeJS.ErrnoException).code}`;
      continue;
    }
    entries += children.length;
    if (entries > mostEntries) {
      problem = `there are more than ${mostEntries} entries: not all were looked at`;
      break;
    }
    for (const child of children) {
      const path = at === "" ? child.name : `${at}/${child.name}`;
      if (child.isDirectory() && !/^(\.git|node_modules|vendor)$/.test(child.name)) waiting.push(path);
      else if (couldMatter(path, true) && !child.isDirectory()) candidates.push(path);
    }
  }
  return { root: directory, candidates: candidates.sort(), ...(problem === undefined ? {} : { problem }) };
}
