// Directories that go must write for something new, and the subject may not, in a cache that it may write elsewhere: `sudo go`, a share that decayed.
import type { CacheEntry } from "../facts/cache.ts";
import type { Facts } from "../facts/facts.ts";
import type { Fix } from "../finding/finding.ts";
import { mayAccess } from "../permission/access.ts";
import { inGroup } from "../permission/subject.ts";
import type { EntryRule, Hits } from "./rule.ts";
import { clearImmutable, letFill, shareWithGroup } from "./shared/grant.ts";
import { pathsOf, plural, subjectName, userName } from "./shared/say.ts";
import { blockedByMount, isRefused, ownersOf } from "./shared/sharing.ts";
import { findInCache, outsideModules, useOwnCache } from "./shared/shell.ts";

export const entryNotWritableBySubject: EntryRule = {
  id: "entry-not-writable-by-subject",
  severity: "error",
  title: "directories that the user must write and may not",
  looksAt: "entries",
  kinds: ["root", "directory", "version-directory"],
  blocked: blockedByMount,
  // A directory that cannot even be entered is told by entry-not-readable-by-subject.
  departs: ({ entry, reachable }, facts) =>
    reachable.verdict === "yes" &&
    entry.type === "directory" &&
    isRefused(entry, facts) &&
    mayAccess(entry, facts.subject.subject, "execute").verdict !== "no",
  conclude: (hits, facts) => {
    // A store that the subject only reads is one finding about the cache, not one about its entries: cache-not-writable.
    if (!isMeantToWrite(facts)) return undefined;
    const who = subjectName(facts);
    return {
      message: `${who} cannot write ${plural(hits.count, "directory", "directories")} of the cache (owner: ${ownersOf(hits, facts)})`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: who,
      why: `${causeOf(hits)} Every new module or version that go wants to store there fails with \`permission denied\`.`,
      fixes: fixesFor(hits, facts),
    };
  },
};

/** A cache that the subject may not write at all is a store, and Go supports reading one. */
function isMeantToWrite(facts: Facts): boolean {
  if (facts.cache.writable?.verdict === "yes") return true;
  return (
    facts.cache.entry !== undefined && mayAccess(facts.cache.entry, facts.subject.subject, "write").verdict === "yes"
  );
}

function causeOf({ examples }: Hits<CacheEntry>): string {
  const first = examples[0];
  if (isImmutable(first)) {
    return `They have the immutable ${first?.entry.darwin === undefined ? "attribute (chattr +i)" : "flag (chflags)"}.`;
  }
  if (first?.parent !== undefined && (first.parent.mode & 0o2020) === 0o2020 && (first.entry.mode & 0o020) === 0) {
    return "The share decays: a setgid directory hands on its group, but a umask of 022 takes the group's write bit away.";
  }
  if (first?.entry.uid === 0) return "A go command that ran as root (sudo go, RUN in a Dockerfile) made them.";
  return "Another user's go command made them.";
}

function isImmutable(seen: CacheEntry | undefined): boolean {
  if (seen === undefined) return false;
  const { immutable, darwin } = seen.entry;
  return immutable === true || darwin?.flags.some((flag) => flag === "uchg" || flag === "schg") === true;
}

function fixesFor(hits: Hits<CacheEntry>, facts: Facts): Fix[] {
  const { subject } = facts.subject;
  const root = facts.cache.entry;
  const who = subjectName(facts);
  const directories = `${outsideModules(facts)} -type d`;
  if (hits.examples.some(isImmutable)) {
    const command = clearImmutable(facts, directories);
    return [{ title: "Take the immutable attribute away", disposition: "unsafe", command }];
  }
  if (hits.examples.every(({ entry }) => entry.uid === subject.uid)) {
    const command = findInCache(facts, `${directories} -user ${subject.uid} ! -perm -200 -exec chmod u+w {} +`);
    return [{ title: "Let the owner write again", disposition: "safe", command }];
  }
  if (root?.uid === subject.uid) {
    const fromRoot = hits.examples.every(({ entry }) => entry.uid === 0);
    const command = findInCache(facts, `! -user ${subject.uid} -exec chown -h ${subject.uid} {} +`);
    return [{ title: `Give the cache back to ${who}`, disposition: fromRoot ? "safe" : "unsafe", command }];
  }
  if (root !== undefined && (root.mode & 0o020) !== 0 && root.gid !== root.uid && inGroup(subject, root.gid)) {
    const title = "Share by a default ACL, which no umask weakens";
    return [{ title, disposition: "safe", command: shareWithGroup(facts, root.gid) }];
  }
  return [
    { title: `As ${who}, use a cache of your own`, disposition: "safe", command: useOwnCache(facts) },
    {
      title: `Let ${who} write; that lets it run code as ${root === undefined ? "the owner" : userName(root.uid, facts)}`,
      disposition: "unsafe",
      command: letFill(facts, subject.uid),
    },
  ];
}
