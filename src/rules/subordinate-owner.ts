// Entries that rootless containers made as another user than their root: outside they belong to a UID of /etc/subuid, and nobody has it.
import type { Subordinates } from "../facts/host.ts";
import type { EntryRule } from "./rule.ts";
import { subordinatesOf } from "./shared/host.ts";
import { pathsOf, plural, shellQuote } from "./shared/say.ts";

export const subordinateOwner: EntryRule = {
  id: "subordinate-owner",
  severity: "warning",
  title: "entries that belong to a user of somebody's rootless containers",
  looksAt: "entries",
  departs: ({ entry }, facts) => entry.uid >= 1000 && subordinatesOf(entry.uid, facts) !== undefined,
  conclude: (hits, facts) => {
    const [first] = hits.examples;
    const range = first === undefined ? undefined : subordinatesOf(first.entry.uid, facts);
    if (first === undefined || range === undefined) return undefined;
    const { uid } = first.entry;
    const path = shellQuote(facts.cache.realPath);
    return {
      message: `${plural(hits.count, "entry", "entries")} of the cache ${hits.count === 1 ? "belongs" : "belong"} to uid ${uid}, which is uid ${insideOf(uid, range)} in the rootless containers of ${range.user}: outside of them go cannot change or clean what is there`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: `${range.user}, outside of containers`,
      why: `/etc/subuid gives ${range.user} ${range.count} UIDs from ${range.from} on. In a rootless container root is ${range.user}, and every other user is one of these`,
      // A directory service may have given somebody that UID as well.
      confidence: "likely",
      fixes: [
        {
          title: `As ${range.user}, take them back; podman unshare is root over these UIDs`,
          disposition: "safe",
          command: `podman unshare find ${path} -xdev ! -uid 0 -exec chown -h 0:0 {} +`,
        },
        {
          title: "From now on, let the container's user be the user outside",
          disposition: "safe",
          command: `podman run --userns=keep-id -v ${path}:${path} -e GOMODCACHE=${path} IMAGE go build ./...`,
        },
      ],
    };
  },
};

/** newuidmap's usual map of podman and rootless Docker: 0 is the user, 1 the first of the range. */
function insideOf(uid: number, { from }: Subordinates): number {
  return uid - from + 1;
}
