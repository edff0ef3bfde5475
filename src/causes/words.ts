// The words that make a line worth reading, and what each is a word of: one bit a subject, and five more.
import { type Automaton, buildAutomaton } from "./automaton.ts";
import { errnoTexts } from "./errno.ts";
import { downloadWords, noneWords } from "./none.ts";
import type { Subject } from "./rule.ts";
import { surroundingWords, verboseWords } from "./speaker.ts";

/** Of lines that tell of a failed system call. */
export const errnoMark = 1 << 28;
/** Of lines that say whose the following ones are. */
export const surroundingMark = 1 << 29;
/** Of lines that tell what a log without a failure is about. */
export const noneMark = 1 << 30;
/** Of a test's verbose output, inside of which such lines change nothing. */
export const verboseMark = 1 << 27;
/** Of what go says of its downloads, which tells the least of what a log is about. */
export const downloadMark = 1 << 26;
/** No rule could match a line that has no others. */
export const plainMarks = surroundingMark | noneMark | verboseMark | downloadMark;

export function subjectMark(index: number): number {
  return 1 << index;
}

/** @param subjects up to 26 */
export function automatonFor(subjects: readonly Subject[]): Automaton {
  const words = new Map<string, number>();
  const mark = (texts: readonly string[], bit: number): void => {
    for (const text of texts) words.set(text, (words.get(text) ?? 0) | bit);
  };
  for (const [index, subject] of subjects.entries()) mark(subject.words, subjectMark(index));
  mark(errnoTexts, errnoMark);
  mark(surroundingWords, surroundingMark);
  mark(noneWords, noneMark);
  mark(verboseWords, verboseMark);
  mark(downloadWords, downloadMark);
  return buildAutomaton(words);
}
