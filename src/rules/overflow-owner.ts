// Entries whose owner does not exist in this user namespace: rootless containers show it as 65534, and nobody here owns them.
import { isFullMap } from "../permission/subject.ts";
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural, subjectName } from "./shared/say.ts";
import { useOwnCache } from "./shared/shell.ts";

/** /proc/sys/kernel/overflowuid and overflowgid, unless somebody changed them. */
const overflowId = 65534;

export const overflowOwner: EntryRule = {
  id: "overflow-owner",
  severity: "warning",
  title: "entries whose owner does not exist in this container",
  looksAt: "entries",
  departs: ({ entry }, facts) =>
    (entry.uid === overflowId || entry.gid === overflowId) &&
    !(isFullMap(facts.self.uidMap) && isFullMap(facts.self.gidMap)),
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "entry", "entries")} of the cache ${hits.count === 1 ? "belongs" : "belong"} to a user or group that does not exist in this user namespace: not even root here can change owner or mode`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: subjectName(facts),
    why: "The container runs in a user namespace, and the owner of the mounted cache is not mapped into it. It can be read as far as others may read it; chown and chmod from inside fail.",
    fixes: [
      { title: "See which IDs are mapped", disposition: "safe", command: "cat /proc/self/uid_map /proc/self/gid_map" },
      {
        title: `As ${subjectName(facts)}, use a cache inside the container`,
        disposition: "safe",
        command: useOwnCache(facts),
      },
    ],
  }),
};
