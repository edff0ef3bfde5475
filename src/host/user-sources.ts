// What the database of users and groups is read from.
import type { RunResult } from "./run.ts";

/** Where the database comes from; tests bring their own. */
export interface UserSources {
  /** The text of a file, or undefined if it cannot be read. */
  readonly file: (path: string) => string | undefined;
  readonly program: (name: string, args: readonly string[]) => RunResult;
}
