// What the knowledge of Go needs of the outside world, and the settings that steer a go command.
import type { Unseen, World } from "../permission/world.ts";
import type { GoSource } from "./gosource.ts";

/** The file system, plus the contents that a verdict depends on. Everything is read with the rights of the observer, not of the subject. */
export interface GoMachine extends World {
  /** The text of a regular file; undefined if there is none. */
  text(path: string): string | undefined | Unseen;
  /** The head of a Go file; undefined if there is no such file. Remembered, since several questions come by the same sources. */
  head(path: string): SourceHead | undefined | Unseen;
  /** SHA-256 in base64. */
  sha256(text: string): string;
  /** The names in a zip file with their sizes in bytes, from its central directory. */
  zipEntries(path: string): ReadonlyMap<string, number> | Unseen;
  /** The texts of the files in a zip whose names end so. */
  zipTexts(path: string, suffix: string): ReadonlyMap<string, string> | Unseen;
  /** The h1 hash of a module zip (golang.org/x/mod/sumdb/dirhash), or undefined if it is no zip. */
  zipSum(path: string): string | undefined | Unseen;
  /** The h1 hash of an extracted module, with names as in the zip: `<prefix>/<name>`. */
  treeSum(directory: string, prefix: string): string | Unseen;
  /** Whether GOCACHE holds go's index of this extracted module, so that go lists its packages without reading them. */
  indexed(tree: string): boolean;
}

/** A Go file that was read; its source is undefined if its head is not Go. */
export interface SourceHead {
  readonly source: GoSource | undefined;
}

export interface GoSettings {
  /** The minor version of go: 26 for go1.26.8. */
  readonly goMinor: number;
  /** `1.26.8` */
  readonly goVersion: string;
  /** GOMODCACHE. */
  readonly cache: string;
  /** GOCACHE; `off` is possible; undefined if it cannot be known. */
  readonly buildCache: string | undefined;
  readonly goroot: string;
  /** GOTMPDIR, or the system's directory for temporary files. */
  readonly temporary: string;
  readonly goproxy: string;
  /** GONOPROXY, with GOPRIVATE as its default. */
  readonly noProxy: string;
  readonly toolchain: string;
  readonly goos: string;
  readonly goarch: string;
  readonly cgo: boolean;
  readonly goflags: readonly string[];
  /** GOWORK: a path, `off`, or empty when there is none. */
  readonly workFile: string;
}

/** The value of a flag in GOFLAGS: `-mod=vendor` -> `vendor`. */
export function flagValue(goflags: readonly string[], name: string): string | undefined {
  for (const flag of goflags) {
    const match = /^--?([\w]+)(?:=(.*))?$/.exec(flag);
    if (match?.[1] === name) return match[2] ?? "true";
  }
  return undefined;
}
