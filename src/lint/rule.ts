// What a lint rule is: a pure look at one model, by the kind of its file.
import type { Confidence, Severity } from "../finding/finding.ts";
import type { Span } from "./file.ts";
import type { Models } from "./models.ts";

/** A replacement of a range by a text; an empty range inserts. */
export interface TextEdit extends Span {
  readonly text: string;
}

export interface LintFix {
  /** What is done, or, without edits and command, what to do. */
  readonly title: string;
  /** `safe` if what the file builds or does stays the same but for the finding. */
  readonly disposition: "safe" | "unsafe";
  readonly edits?: readonly TextEdit[];
  /** For what is no edit of this file: for a POSIX shell. */
  readonly command?: string;
}

export interface LintDraft {
  /** One sentence: what is wrong, and who is hurt. No trailing full stop. */
  readonly message: string;
  readonly at: Span;
  readonly why?: string;
  readonly fixes: readonly LintFix[];
  /** Who is hurt: `uid 1001`. */
  readonly subject?: string;
  readonly confidence?: Confidence;
  readonly severity?: Severity;
}

/** What is known of the repository that the file is in. */
export interface Around {
  /** True if the path, relative to the repository, is there; undefined if that is not known. */
  readonly has: (path: string) => boolean | undefined;
}

export interface LintRule<K extends keyof Models = keyof Models> {
  /** kebab-case; also the name of the file, of its test and of its page in docs/rules. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong when it fires, in a few words. */
  readonly title: string;
  readonly kinds: readonly K[];
  // A method, so that rules for one kind fit into a list of rules for any.
  check(model: Models[K], around: Around): readonly LintDraft[];
}
