// What the check of contents hands to the rules: one module version at a time, with all that is wrong in it.
import type { Entry } from "../permission/entry.ts";
import type { ModuleRecord } from "./cache.ts";

/** Something that is wrong with the content of one file, or with one tree. */
export interface ContentProblem {
  /** The id of the rule that tells about it. */
  readonly kind: string;
  /** Absolute, as it is opened: bytes that are not UTF-8 as src/host/bytes.ts writes them. */
  readonly path: string;
  /** What it should be: a hash, or words. */
  readonly expected?: string;
  /** What it is. */
  readonly found?: string;
  /** What is at the path; absent if nothing is. */
  readonly entry?: Entry;
}

export interface Unreadable {
  readonly path: string;
  readonly reason: string;
}

/** One module version after its contents were read. A plain value: it crosses from thread to thread. */
export interface ModuleContent extends ModuleRecord {
  /** False if nothing of it is in the cache, or no longer. */
  readonly present: boolean;
  /** At most some dozens. */
  readonly problems: readonly ContentProblem[];
  /** How many more files of its tree depart than are among the problems. */
  readonly unlisted: number;
  /** What could not be read, so that nothing is known about it. */
  readonly unread: readonly Unreadable[];
  /** How many files were read, in the zip and outside of it. */
  readonly filesRead: number;
}
