// A unified diff (POSIX diff -u) of edits: the changed lines are known, so nothing has to be searched.
import type { Edit } from "../finding/finding.ts";
import { applyEdits } from "./edit.ts";
import { Lines } from "./lines.ts";

const context = 3;

/** A run of lines, from 1, that edits change. */
interface Change {
  readonly edits: Edit[];
  first: number;
  last: number;
}

/** @param edits in order, not overlapping. @returns an empty text without edits */
export function unifiedDiff(path: string, text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return "";
  const lines = new Lines(text);
  // What follows a final line feed is no line.
  const count = text.endsWith("\n") ? lines.count - 1 : lines.count;
  const changes: Change[] = [];
  for (const edit of edits) {
    const first = lines.lineAt(edit.start);
    const last = lines.lineAt(edit.end);
    const previous = changes.at(-1);
    if (previous !== undefined && first <= previous.last) {
      previous.edits.push(edit);
      previous.last = Math.max(previous.last, last);
    } else changes.push({ edits: [edit], first, last });
  }
  let shift = 0;
  const hunks: string[] = [];
  for (let index = 0; index < changes.length; ) {
    const group = [changes[index++] as Change];
    while (index < changes.length && (changes[index] as Change).first - (group.at(-1) as Change).last <= 2 * context)
      group.push(changes[index++] as Change);
    const hunk = hunkOf(group, lines, text, count, shift);
    shift = hunk.shift;
    hunks.push(hunk.text);
  }
  return `--- a/${path}\n+++ b/${path}\n${hunks.join("")}`;
}

function hunkOf(
  group: readonly Change[],
  lines: Lines,
  text: string,
  count: number,
  shift: number,
): { text: string; shift: number } {
  const from = Math.max(1, (group[0] as Change).first - context);
  const to = Math.min(count, (group.at(-1) as Change).last + context);
  const body: string[] = [];
  let removed = 0;
  let added = 0;
  let at = from;
  const keep = (until: number): void => {
    for (; at < until; at += 1) body.push(` ${split(text.slice(lines.start(at), lines.start(at + 1)))[0] ?? "\n"}`);
  };
  for (const { edits, first, last } of group) {
    keep(first);
    const start = lines.start(first);
    const end = lines.start(last + 1);
    const local = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
    const old = text.slice(start, end);
    for (const line of split(old)) body.push(`-${line}`);
    for (const line of split(applyEdits(old, local))) body.push(`+${line}`);
    removed += split(old).length;
    added += split(applyEdits(old, local)).length;
    at = last + 1;
  }
  keep(to + 1);
  const kept = body.filter((line) => line.startsWith(" ")).length;
  const head = `@@ -${from},${kept + removed} +${from + shift},${kept + added} @@\n`;
  return { text: head + body.join(""), shift: shift + added - removed };
}

/** Lines with their ends; the last one says if it has none. */
function split(text: string): string[] {
  if (text === "") return [];
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) =>
    line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`,
  );
}
