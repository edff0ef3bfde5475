// What `gomodcache complete` prints for the shells' scripts: what the shell should add of its own, then a line a word.
import type { Completion } from "./complete.ts";

/** The first line is "files", "directories", "users", "groups", "command N" or "none"; then come WORD, a tab and a description. */
export function answerText({ words, native, before }: Completion): string {
  const first = native === "command" ? `command ${before ?? 0}` : (native ?? "none");
  return `${[first, ...words.map(({ word, description }) => `${word}\t${oneLine(description)}`)].join("\n")}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
