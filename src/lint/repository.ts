// What git says about a repository as a whole, for the rules that look at no single file.
import type { LintFile } from "./file.ts";
import type { Model } from "./model.ts";

/** A directory in the work tree that go filled. */
export interface CacheDirectory {
  /** Relative to the repository. */
  readonly path: string;
  /** GOMODCACHE or GOCACHE. */
  readonly variable: "GOMODCACHE" | "GOCACHE";
  readonly state: "tracked" | "untracked";
  /** How many files git tracks in it. */
  readonly tracked: number;
}

export interface Repository extends Model {
  readonly caches: readonly CacheDirectory[];
}

/** @param ignoreFile the .gitignore of the repository's root; an empty text if there is none */
export function repositoryOf(ignoreFile: LintFile, caches: readonly CacheDirectory[]): Repository {
  return { file: ignoreFile, blocks: [], caches };
}
