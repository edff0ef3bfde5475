// Caches of go in a work tree: those that git tracks, by the names of their files, and those that it neither tracks nor ignores.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { type CacheDirectory, type Repository, repositoryOf } from "../lint/repository.ts";
import { askGit } from "./git.ts";
import type { Checkout } from "./list.ts";
import { readFile } from "./read.ts";

/** What go puts below cache/download: `…/@v/v1.2.3.zip` and its companions. */
const ofModules = /^(?:(.*)\/)?cache\/download\/(?:.+\/)?@v\/[^/]+\.(?:zip|ziphash|info|mod|lock)$/;
/** What go puts into a build cache: `0a/0a…-a`, and a file that remembers when it was trimmed. */
const ofBuilds = /^(?:(.*)\/)?([0-9a-f]{2})\/\2[0-9a-f]{62}-[ad]$/;

/** Where a cache usually is below a directory that git shows as one untracked whole. */
const usual = ["", "mod", "pkg/mod", "go/pkg/mod", "gomod", "go-mod", ".go/pkg/mod"];

/** @returns undefined without git, or why git did not answer */
export function readRepository(checkout: Checkout, context: Context): Repository | { failed: string } | undefined {
  const { tree, tracked, root } = checkout;
  if (tree === undefined || tracked === undefined) return undefined;
  const untracked = askGit(tree, ["ls-files", "-z", "--others", "--exclude-standard", "--directory"], context);
  if ("failed" in untracked) return untracked;
  const ignore = readFile(root, ".gitignore");
  const file = "unread" in ignore ? { path: ".gitignore", text: "" } : { path: ".gitignore", text: ignore.text };
  return repositoryOf(file, [...trackedCaches(tracked), ...untrackedCaches(untracked, root)]);
}

function trackedCaches(tracked: ReadonlySet<string>): CacheDirectory[] {
  const counts = new Map<string, { variable: CacheDirectory["variable"]; tracked: number }>();
  const count = (path: string, variable: CacheDirectory["variable"]): void => {
    const seen = counts.get(path);
    counts.set(path, { variable, tracked: (seen?.tracked ?? 0) + 1 });
  };
  for (const path of tracked) {
    const modules = path.includes("/@v/") ? ofModules.exec(path) : null;
    if (modules !== null) count(modules[1] ?? ".", "GOMODCACHE");
    const builds = path.length > 64 ? ofBuilds.exec(path) : null;
    if (builds !== null) count(builds[1] ?? ".", "GOCACHE");
  }
  return [...counts].map(([path, seen]) => ({ path, state: "tracked", ...seen }) as const);
}

function untrackedCaches(untracked: readonly string[], root: string): CacheDirectory[] {
  return untracked.flatMap((name): CacheDirectory[] => {
    if (!name.endsWith("/")) return [];
    const directory = name.slice(0, -1);
    for (const below of usual) {
      const path = below === "" ? directory : `${directory}/${below}`;
      if (existsSync(join(root, path, "cache/download")) && existsSync(join(root, path, "cache/lock")))
        return [{ path, variable: "GOMODCACHE", state: "untracked", tracked: 0 }];
    }
    for (const below of ["", "go-build", ".cache/go-build"]) {
      const path = below === "" ? directory : `${directory}/${below}`;
      if (
        existsSync(join(root, path, "00")) &&
        existsSync(join(root, path, "ff")) &&
        existsSync(join(root, path, "README"))
      )
        return [{ path, variable: "GOCACHE", state: "untracked", tracked: 0 }];
    }
    return [];
  });
}
