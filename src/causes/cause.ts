// What is said of a failed go command: which root cause a person must fix, where it shows, and what to do.

/** The root causes; `none` is no failure of go's environment (the program's own errors, a compile error, a warning). */
export const categories = [
  "fs",
  "space",
  "lock",
  "net",
  "auth",
  "sum",
  "vcs",
  "resolve",
  "cache-corrupt",
  "config",
  "exec",
  "none",
] as const;
export type Category = (typeof categories)[number];

/** What helps: trying again, mending the machine, or mending what is in the repository. */
export type Disposition = "retry" | "fix-environment" | "fix-repository" | "none";

/** The coarse labels: permission and disk, unreachable, mismatch. Absent for what is none of them. */
export type CoarseCategory = "fs" | "net" | "sum";

export interface Evidence {
  /** Counted from 1. */
  readonly line: number;
  /** The line as go printed it: without the CI system's time stamps, prefixes and escape codes. */
  readonly text: string;
}

export interface Remedy {
  /** One sentence, no trailing full stop. */
  readonly text: string;
  /** For a POSIX shell; absent where only advice can be given. */
  readonly command?: string;
  /** What the remedy costs in security; absent if nothing. */
  readonly weakens?: string;
}

export interface Cause {
  readonly category: Exclude<Category, "none">;
  /** Kebab case, such as `modcache-not-owned-by-uid`. */
  readonly subcategory: string;
  readonly coarse?: CoarseCategory;
  readonly disposition: Disposition;
  readonly confidence: "certain" | "likely";
  /** One sentence: what failed and why. No trailing full stop. */
  readonly message: string;
  readonly evidence: Evidence;
  /** Absolute paths that the evidence names, the deciding one first. */
  readonly paths: readonly string[];
  readonly module?: { readonly path: string; readonly version?: string };
  /** Whose machine it happened on: this one, or the server that answered. */
  readonly where: "here" | "server";
  readonly remedies: readonly Remedy[];
}

export interface Classification {
  /** The root cause first; empty if the text holds no failure of go's environment. */
  readonly causes: readonly Cause[];
  /** Why there is none: `compile-error`, `test-failure`, `warning`, `success`, … Absent if there is a cause. */
  readonly none?: { readonly subcategory: string; readonly evidence?: Evidence };
  readonly lines: number;
}
