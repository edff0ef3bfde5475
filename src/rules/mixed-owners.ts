// A cache of one user that holds entries of others: `sudo go`, a container with another UID, a restored archive.
import { isFullMap } from "../permission/subject.ts";
import type { EntryRule } from "./rule.ts";
import { subordinatesOf } from "./shared/host.ts";
import { pathsOf, plural, shellQuote, userName } from "./shared/say.ts";
import { othersMayWrite, ownersOf } from "./shared/sharing.ts";
import { asRoot, findInCache } from "./shared/shell.ts";

const overflowId = 65534;

export const mixedOwners: EntryRule = {
  id: "mixed-owners",
  severity: "warning",
  title: "entries of other users in a cache that one user owns",
  looksAt: "entries",
  departs: ({ entry, kind }, facts) => {
    const root = facts.cache.entry;
    // A cache that several users may write has several owners by design; cache/vcs has a rule of its own.
    // What a rootless container left is told by subordinate-owner, which knows whose it is.
    if (subordinatesOf(entry.uid, facts) !== undefined) return false;
    if (root === undefined || entry.uid === root.uid || kind === "vcs" || othersMayWrite(root)) return false;
    return entry.uid !== overflowId || isFullMap(facts.self.uidMap);
  },
  conclude: (hits, facts) => {
    const root = facts.cache.entry;
    if (root === undefined) return undefined;
    const { uid } = facts.subject.subject;
    const owner = userName(root.uid, facts);
    const subjectOwnsTheRest = root.uid !== uid && hits.examples.every(({ entry }) => entry.uid === uid);
    const path = shellQuote(facts.cache.realPath);
    return {
      message: `${plural(hits.count, "entry", "entries")} of the cache ${hits.count === 1 ? "belongs" : "belong"} to ${ownersOf(hits, facts)}, but the cache itself to ${owner}`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: owner,
      why: "Usually sudo go, or a container with another user, ran on this cache. go clean -modcache and the repair of a broken module fail for the one who does not own all of it.",
      fixes: subjectOwnsTheRest
        ? [
            {
              title: `Give the cache's directory to ${userName(uid, facts)}, who owns what is in it`,
              disposition: "unsafe",
              command: asRoot(facts, `chown ${uid} ${path}`),
            },
          ]
        : [
            {
              title: `Give all of the cache to ${owner}`,
              disposition: hits.examples.every(({ entry }) => entry.uid === 0) ? "safe" : "unsafe",
              command: findInCache(facts, `! -user ${root.uid} -exec chown -h ${root.uid} {} +`),
            },
          ],
    };
  },
};
