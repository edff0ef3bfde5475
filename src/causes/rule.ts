// The form of a rule: what a line must be like to show a root cause, and what is then said. The tables are in subjects/.
import type { Category, CoarseCategory, Disposition, Remedy } from "./cause.ts";
import type { Errno, Failure } from "./errno.ts";
import type { Place } from "./place.ts";
import type { Speaker } from "./speaker.ts";

/** One line of a log, as its program printed it. */
export interface Statement {
  /** Counted from 1. */
  readonly line: number;
  /** With what a logger or a test put before it. */
  readonly text: string;
  /** From where the speaker begins. */
  readonly said: string;
  readonly speaker: Speaker;
  readonly quoted: boolean;
  readonly failure?: Failure & { readonly place: Place };
  /** Said by a proxy or the checksum database, about its own machine. */
  readonly server: boolean;
  /** Which words the line holds: see words.ts. */
  readonly marks: number;
}

/** A statement and what continues it: indented lines, git's words, hashes, a server's response. */
export interface Block {
  readonly statements: readonly Statement[];
  /** The line of the last statement; of a single one that was said again and again, where it was said last. */
  readonly last: number;
  /** The texts, joined by newlines. */
  readonly text: string;
}

/**
 * All conditions that are given must hold. In `message` and in commands, {path}, {module}, {version}, {host}, {url} and {text}
 * stand for what the line names; a remedy whose command needs what is not named loses its command.
 */
export interface Rule {
  /** Kebab case. */
  readonly subcategory: string;
  readonly category?: Exclude<Category, "none">;
  /** Of what was said. */
  readonly says?: RegExp;
  readonly unless?: RegExp;
  readonly errno?: readonly Errno[];
  readonly place?: readonly Place[];
  readonly operation?: RegExp;
  readonly path?: RegExp;
  /** Of the whole block. */
  readonly around?: RegExp;
  readonly notAround?: RegExp;
  /** The go command's own words, or git's that go ran; else also words of nobody in particular. */
  readonly spoken?: "go" | "git" | "tool";
  /** What no pattern can say. */
  readonly holds?: (statement: Statement, block: Block) => boolean;
  /** Whose machine it happened on; `here` if absent. */
  readonly where?: "server";
  /** The words are those of a server, after `server response:`; without it they are passed over. */
  readonly heard?: true;
  /** One sentence, no full stop. */
  readonly message: string;
  readonly coarse?: CoarseCategory;
  readonly disposition?: Disposition;
  readonly likely?: true;
  /** How near it is to the root: see `nearness`. */
  readonly near?: keyof typeof nearness;
  readonly remedies: readonly Remedy[];
  /** What else it may be, as go prints the same words for it; the likeliest first. */
  readonly also?: readonly Rule[];
}

/** What is nearer to the root comes first, whatever else the log holds. */
export const nearness = { root: 3, usual: 2, symptom: 1, warning: 0 } as const;

/** A category's rules; of several that match a line, the first is meant. */
export interface Subject {
  readonly category: Exclude<Category, "none">;
  readonly coarse?: CoarseCategory;
  /** What helps if a rule does not say otherwise. */
  readonly disposition: Disposition;
  /** One of these stands in every line that a rule could match. */
  readonly words: readonly string[];
  readonly rules: readonly Rule[];
}

/** Whether a statement shows what a rule tells of. */
export function matches(rule: Rule, statement: Statement, block: Block): boolean {
  const { failure, said } = statement;
  if (statement.server !== (rule.heard === true)) return false;
  if (rule.errno !== undefined && (failure === undefined || !rule.errno.includes(failure.errno))) return false;
  if (rule.place !== undefined && (failure === undefined || !rule.place.includes(failure.place))) return false;
  if (rule.operation !== undefined && !rule.operation.test(failure?.operation ?? "")) return false;
  if (rule.path !== undefined && !rule.path.test(failure?.path ?? "")) return false;
  if (rule.spoken !== undefined && !spokenBy(rule.spoken, statement)) return false;
  if (rule.says !== undefined && !rule.says.test(said)) return false;
  if (rule.unless?.test(said)) return false;
  if (rule.around !== undefined && !rule.around.test(block.text)) return false;
  if (rule.notAround?.test(block.text)) return false;
  return rule.holds === undefined || rule.holds(statement, block);
}

function spokenBy(who: "go" | "git" | "tool", { speaker }: Statement): boolean {
  if (who === "tool") return speaker === "unknown" || speaker === "git";
  return speaker === who;
}
