// Entries for their owner only in a cache that others may read: a umask of 077, or Go 1.15 and older. The subject is not hurt.
import type { CacheEntry } from "../facts/cache.ts";
import type { Entry } from "../permission/entry.ts";
import type { EntryRule } from "./rule.ts";
import { bitsNeeded, readByGo, refusedRead } from "./shared/reading.ts";
import { groupName, pathsOf, plural } from "./shared/say.ts";
import { ownersOf } from "./shared/sharing.ts";
import { findInCache } from "./shared/shell.ts";

export const ownerOnlyEntries: EntryRule = {
  id: "owner-only-entries",
  severity: "warning",
  title: "entries that only their owner may read, in a cache that is open to others",
  looksAt: "entries",
  kinds: readByGo.filter((kind) => kind !== "root"),
  departs: (seen, facts) => {
    const root = facts.cache.entry;
    if (root === undefined || !isClosedTo(openClasses(root), seen)) return false;
    // What hurts the subject too is told by entry-not-readable-by-subject.
    return seen.reachable.verdict !== "yes" || refusedRead(seen, facts) === undefined;
  },
  conclude: (hits, facts) => {
    const root = facts.cache.entry;
    if (root === undefined) return undefined;
    const everybody = openClasses(root) & 0o007;
    const others = everybody ? "other users" : `members of group ${groupName(root.gid, facts)}`;
    const modulesOnly = hits.examples.every(({ kind }) => kind === "module-directory");
    return {
      message: `${plural(hits.count, "entry", "entries")} can be read only by the owner ${ownersOf(hits, facts)}, although the cache is open: go fails for ${others}`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: others,
      why: modulesOnly
        ? "Go 1.15 and older made module directories for their owner only; a umask of 077 does the same."
        : "A go command with a umask of 077 made them. Go never changes them again, so they stay closed.",
      fixes: [
        {
          title: `Let ${others} read them`,
          disposition: "safe",
          command: findInCache(
            facts,
            everybody
              ? "! -type l \\( ! -perm -004 -o -type d ! -perm -001 \\) -exec chmod go+rX {} +"
              : "! -type l \\( ! -perm -040 -o -type d ! -perm -010 \\) -exec chmod g+rX {} +",
          ),
        },
      ],
    };
  },
};

/** 0o070 and 0o007, as far as the root lets these classes read and enter. The private group of a user does not count. */
function openClasses({ mode, uid, gid, acl }: Entry): number {
  const group = (mode & 0o050) === 0o050 && (gid !== uid || acl !== undefined) ? 0o070 : 0;
  return group | ((mode & 0o005) === 0o005 ? 0o007 : 0);
}

function isClosedTo(classes: number, seen: CacheEntry): boolean {
  if (classes === 0 || seen.entry.type === "symlink") return false;
  // On macOS a list may open what the mode closes; what hurts the subject is told by entry-not-readable-by-subject.
  if ((seen.entry.darwin?.acl.length ?? 0) > 0) return false;
  const wanted = (bitsNeeded(seen) * 0o011) & classes;
  return (seen.entry.mode & wanted) !== wanted;
}
