// The words that rules share: who, how many, and paths as `ls -l` shows them.
import type { CacheEntry } from "../../facts/cache.ts";
import type { Facts } from "../../facts/facts.ts";
import type { FindingPath } from "../../finding/finding.ts";
import { grouped } from "../../finding/number.ts";
import { type Entry, formatMode } from "../../permission/entry.ts";

/** `12,310 files`, `1 file`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `app (1000)`, or `uid 1000` for a user without a name. */
export function userName(uid: number, facts: Facts): string {
  const name = facts.userNames.get(uid);
  return name === undefined ? `uid ${uid}` : `${name} (${uid})`;
}

export function groupName(gid: number, facts: Facts): string {
  const name = facts.groupNames.get(gid);
  return name === undefined ? `gid ${gid}` : `${name} (${gid})`;
}

/** The subject of the question: `app (1000)`. */
export function subjectName(facts: Facts): string {
  return userName(facts.subject.subject.uid, facts);
}

export function pathOf(path: string, entry: Entry | undefined, facts: Facts): FindingPath {
  if (entry === undefined) return { path, owner: "", group: "", mode: "" };
  return {
    path,
    owner: facts.userNames.get(entry.uid) ?? String(entry.uid),
    group: facts.groupNames.get(entry.gid) ?? String(entry.gid),
    mode: formatMode(entry),
  };
}

export function pathsOf(entries: readonly CacheEntry[], facts: Facts): FindingPath[] {
  return entries.map(({ path, entry }) => pathOf(path, entry, facts));
}

/** Quotes a word for a POSIX shell; words of safe characters stay as they are. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
