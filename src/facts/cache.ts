// What the walk over a cache hands to the rules: one entry at a time, and one module version at a time.
import type { EntryKind } from "../gocache/kind.ts";
import type { Entry } from "../permission/entry.ts";
import type { Outcome } from "./facts.ts";

export interface CacheEntry {
  /** Absolute; bytes that are not UTF-8 are shown as \xNN. */
  readonly path: string;
  readonly kind: EntryKind;
  readonly entry: Entry;
  /** Whether the subject may enter every directory above it. */
  readonly reachable: Outcome;
  /** The entry of the directory that holds it; absent for the root. */
  readonly parent?: Entry;
}

/** Who besides its owner may read something, by modes and ACLs, of itself and of every directory above it. */
export interface Readers {
  readonly everybody: boolean;
  /** Groups that may, where not everybody may. A group whose number is the owner's is the owner's own and left out. */
  readonly groups: readonly number[];
}

/** What `cache/download` and the extracted tree hold of one module version. */
export interface ModuleRecord {
  /** Unescaped, as in go.mod. */
  readonly module: string;
  readonly version: string;
  /** `$GOMODCACHE/cache/download/<module>/@v`, absolute. */
  readonly directory: string;
  /** `$GOMODCACHE/<module>@<version>`, absolute. */
  readonly tree: string;
  /** The entries of `@v/<version>.*` that exist. */
  readonly files: {
    readonly info?: Entry;
    readonly mod?: Entry;
    readonly zip?: Entry;
    readonly ziphash?: Entry;
    readonly lock?: Entry;
    readonly partial?: Entry;
  };
  /** The extracted directory, if it exists. */
  readonly extracted?: Entry;
  /** Who may read any of it; absent if nobody looked at the directories above it. */
  readonly readers?: Readers;
  /** The text of the ziphash, at most 256 bytes; absent if it could not be read. */
  readonly ziphashText?: string;
}
