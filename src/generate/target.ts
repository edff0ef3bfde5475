// What `generate` can make: one text for given numbers and paths, and where it goes.
import type { ContractName } from "../contract/contract.ts";

export interface Settings {
  /** Who runs go. Not root. */
  readonly uid: number;
  readonly gid: number;
  /** Of the contracts group and readonly: the second user. */
  readonly otherUid: number;
  /** GOMODCACHE. */
  readonly cacheDir: string;
  readonly contract: ContractName;
  /** `1.27` or `1.27.3`. */
  readonly goVersion: string;
  readonly variant: string;
  /** The image with go in it. */
  readonly image: string;
  /** An image with gomodcache in it, for steps that prepare a directory; a POSIX shell does it if absent. */
  readonly initImage?: string;
  /** gomodcache's own version, for files that name a package. */
  readonly version: string;
}

/** An option that a target takes. */
export type SettingName = "uid" | "gid" | "otherUid" | "cacheDir" | "contract" | "goVersion" | "image" | "initImage";

export interface Target {
  readonly name: string;
  /** A few words for help. */
  readonly summary: string;
  /** Where --write puts it, unless told. */
  readonly file: string | ((variant: string) => string);
  /** The first one is the default. */
  readonly variants?: readonly string[];
  /** GOMODCACHE unless --cache-dir is given. */
  readonly cacheDir?: string;
  readonly takes: readonly SettingName[];
  /** True if the file's syntax has no way to quote a blank in a path. */
  readonly noBlanks?: boolean;
  /** True if the cache must be below the work tree, so that its path is relative. */
  readonly relative?: boolean;
  /** The lines, without the marks. Each line that is there for permissions has a comment that says why. */
  readonly lines: (settings: Settings) => readonly string[];
  /** What the file begins with, before the block, if it is new. */
  readonly head?: (settings: Settings) => string;
  /**
   * Puts the block into a file of somebody else's.
   * @returns why it cannot be put there, and what to do, if it cannot; absent if the file must be ours alone
   */
  readonly merge?: (text: string, block: string, settings: Settings) => string | { readonly refused: string };
  /** The block as the file's layout wants it, also when an older one is replaced. */
  readonly adapt?: (text: string, block: string, settings: Settings) => string;
  /** How a comment begins, `#` if absent. */
  readonly comment?: "//";
  /** Permission bits of a new file; 0644 if absent. */
  readonly mode?: (variant: string) => number;
}

/** The value as a YAML double-quoted scalar, which JSON's strings are too (YAML 1.2, 7.3.1). */
export function quoted(value: string | number): string {
  return JSON.stringify(String(value));
}

/** Lines moved to the right. */
export function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => (line === "" ? line : `${" ".repeat(by)}${line}`));
}
