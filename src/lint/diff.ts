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

/** A unified diff of two texts as one change: from the first line that differs to the last one. */
export function wholeDiff(path: string, old: string, now: string): string {
  if (old === now) return "";
  const before = split(old);
  const after = split(now);
  const { first, last } = commonEnds(before, after);
  const from = Math.max(0, first - context);
  const until = Math.min(last, context);
  const signed = (sign: string, lines: readonly string[]): string[] => lines.map((line) => `${sign}${line}`);
  const body = [
    ...signed(" ", before.slice(from, first)),
    ...signed("-", before.slice(first, before.length - last)),
    ...signed("+", after.slice(first, after.length - last)),
    ...signed(" ", before.slice(before.length - last, before.length - last + until)),
  ];
  const range = (count: number): string => `${count === 0 ? from : from + 1},${count}`;
  const head = `@@ -${range(before.length - from - last + until)} +${range(after.length - from - last + until)} @@\n`;
  return `--- a/${path}\n+++ b/${path}\n${head}${body.join("")}`;
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
    const local = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
    const whole = text.slice(start, lines.start(last + 1));
    const old = split(whole);
    const now = split(applyEdits(whole, local));
    // A line that was only inserted before stays as it is.
    const same = commonEnds(old, now);
    for (const line of old.slice(0, same.first)) body.push(` ${line}`);
    for (const line of old.slice(same.first, old.length - same.last)) body.push(`-${line}`);
    for (const line of now.slice(same.first, now.length - same.last)) body.push(`+${line}`);
    for (const line of old.slice(old.length - same.last)) body.push(` ${line}`);
    removed += old.length - same.first - same.last;
    added += now.length - same.first - same.last;
    at = last + 1;
  }
  keep(to + 1);
  const kept = body.filter((line) => line.startsWith(" ")).length;
  const head = `@@ -${from},${kept + removed} +${from + shift},${kept + added} @@\n`;
  return { text: head + body.join(""), shift: shift + added - removed };
}

function commonEnds(old: readonly string[], now: readonly string[]): { first: number; last: number } {
  const shorter = Math.min(old.length, now.length);
  let first = 0;
  while (first < shorter && old[first] === now[first]) first += 1;
  let last = 0;
  while (last < shorter - first && old[old.length - 1 - last] === now[now.length - 1 - last]) last += 1;
  return { first, last };
}

/** Lines with their ends; the last one says if it has none. */
function split(text: string): string[] {
  if (text === "") return [];
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) =>
    line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`,
  );
}
