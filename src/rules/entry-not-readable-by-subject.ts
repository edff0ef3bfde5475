// Entries that go reads and the subject may not: a umask of 077, another user's private cache, a directory above that is closed.
import type { CacheEntry } from "../facts/cache.ts";
import type { Facts } from "../facts/facts.ts";
import type { Fix } from "../finding/finding.ts";
import { mayAccess, verbOf } from "../permission/access.ts";
import { inGroup } from "../permission/subject.ts";
import type { EntryRule, Hits } from "./rule.ts";
import { letRead, letThrough } from "./shared/grant.ts";
import { readByGo, refusedRead } from "./shared/reading.ts";
import { pathsOf, plural, subjectName, userName } from "./shared/say.ts";
import { blockedByMount, ownersOf } from "./shared/sharing.ts";
import { findInCache, useOwnCache } from "./shared/shell.ts";

export const entryNotReadableBySubject: EntryRule = {
  id: "entry-not-readable-by-subject",
  severity: "error",
  title: "entries that the user must read and may not",
  looksAt: "entries",
  kinds: readByGo,
  blocked: blockedByMount,
  // What lies below a closed directory is not counted again, except the root: nothing else would tell of it.
  departs: (seen, facts) =>
    seen.reachable.verdict === "yes"
      ? refusedRead(seen, facts) !== undefined
      : seen.kind === "root" && seen.reachable.verdict === "no",
  conclude: (hits, facts) => {
    const first = hits.examples[0];
    if (first === undefined) return undefined;
    if (first.reachable.verdict === "no") return outOfReach(first, hits, facts);
    const who = subjectName(facts);
    return {
      message: `${who} cannot ${verbFor(hits, facts)} ${plural(hits.count, "entry", "entries")} of the cache (owner: ${ownersOf(hits, facts)})`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: who,
      why: causeOf(first, facts),
      fixes: fixesFor(first, facts),
    };
  },
};

function verbFor({ examples }: Hits<CacheEntry>, facts: Facts): string {
  const verbs = new Set(examples.map((seen) => verbOf(refusedRead(seen, facts) ?? "read", seen.entry)));
  return [...verbs].join(" or ");
}

function causeOf(seen: CacheEntry, facts: Facts): string {
  const { entry } = seen;
  const decision = mayAccess(entry, facts.subject.subject, refusedRead(seen, facts) ?? "read");
  const origin =
    decision.by === "acl-mask"
      ? "A chmod or an archive took the ACL's mask away."
      : (entry.mode & 0o077) === 0
        ? `${userName(entry.uid, facts)} made it with a umask of 077, or with Go 1.15 or older.`
        : "";
  const hidden = "Go takes a file it may not read for one that is not cached, so its message may speak of a download.";
  return [`${seen.path}: ${decision.because}.`, origin, hidden].filter((part) => part !== "").join(" ");
}

function outOfReach(root: CacheEntry, hits: Hits<CacheEntry>, facts: Facts) {
  const who = subjectName(facts);
  const { at, because } = root.reachable;
  return {
    message: `${who} cannot reach the cache: ${at ?? "a directory above it"} does not let it through`,
    paths: pathsOf([root], facts),
    count: hits.count,
    subject: who,
    ...(because === undefined ? {} : { why: `${because}. No go command of ${who} can use this GOMODCACHE.` }),
    fixes: [
      { title: `As ${who}, use a cache of your own`, disposition: "safe", command: useOwnCache(facts) },
      ...(at === undefined ? [] : [openTheWay(at, facts)]),
    ] satisfies Fix[],
  };
}

function openTheWay(at: string, facts: Facts): Fix {
  const command = letThrough(facts, facts.subject.subject.uid, at);
  return { title: `Let only ${subjectName(facts)} through ${at}`, disposition: "unsafe", command };
}

function fixesFor(first: CacheEntry, facts: Facts): Fix[] {
  const { subject } = facts.subject;
  const { entry } = first;
  const root = facts.cache.entry;
  const who = subjectName(facts);
  if (entry.uid === subject.uid) {
    const command = findInCache(
      facts,
      `-user ${subject.uid} ! -type l \\( ! -perm -400 -o -type d ! -perm -100 \\) -exec chmod u+rX {} +`,
    );
    return [{ title: "Let the owner read again", disposition: "safe", command }];
  }
  if (root?.uid === subject.uid) {
    const command = findInCache(facts, `! -user ${subject.uid} -exec chown -h ${subject.uid} {} +`);
    return [{ title: `Give the cache back to ${who}`, disposition: entry.uid === 0 ? "safe" : "unsafe", command }];
  }
  const open = root?.mode ?? 0;
  if (entry.acl !== undefined) {
    const command = letRead(facts, subject.uid);
    return [{ title: `Let ${who} read all of the cache`, disposition: "unsafe", command }];
  }
  if (inGroup(subject, entry.gid) && (open & 0o050) === 0o050) {
    const command = findInCache(
      facts,
      `! -type l -group ${entry.gid} \\( ! -perm -040 -o -type d ! -perm -010 \\) -exec chmod g+rX {} +`,
    );
    return [{ title: "Let the group read, as it may read the cache's root", disposition: "safe", command }];
  }
  if ((open & 0o005) === 0o005) {
    const command = findInCache(facts, "! -type l \\( ! -perm -004 -o -type d ! -perm -001 \\) -exec chmod go+rX {} +");
    return [{ title: "Let everybody read, as they may read the cache's root", disposition: "safe", command }];
  }
  const acl = letRead(facts, subject.uid);
  return [
    { title: `As ${who}, use a cache of your own`, disposition: "safe", command: useOwnCache(facts) },
    { title: `Let ${who} read this private cache`, disposition: "unsafe", command: acl },
  ];
}
