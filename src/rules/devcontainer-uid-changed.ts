// A dev container gave its user the UID of the host's user (updateRemoteUserUID), and what that user owned outside of its home stayed behind.
import type { FactRule } from "./rule.ts";
import { ownCacheFix, refusalOf } from "./shared/directory.ts";
import { isLeftByFormerUid } from "./shared/host.ts";
import { pathOf, shellQuote, subjectName } from "./shared/say.ts";

export const devcontainerUidChanged: FactRule = {
  id: "devcontainer-uid-changed",
  severity: "warning",
  title: "the module cache belongs to the UID that the dev container's user had before",
  looksAt: "facts",
  check: (facts) => {
    if (!isLeftByFormerUid(facts)) return [];
    const { cache, subject } = facts;
    const { uid, gid } = subject.subject;
    return [
      {
        message: `${subjectName(facts)} cannot write in ${cache.path}, which belongs to uid ${cache.entry?.uid}: nobody here has that UID any more`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        subject: subjectName(facts),
        why: `With updateRemoteUserUID, dev containers give the user the UID of the host's user, and change the owner of the home directory only. ${cache.writable === undefined ? "" : refusalOf(cache.writable)}`,
        confidence: "likely",
        fixes: [
          ownCacheFix(facts),
          {
            title:
              "Or, as postCreateCommand in devcontainer.json, take the cache over; it is a copy of all of it in the container's layer",
            disposition: "safe",
            command: `sudo chown -R -h ${uid}:${gid} ${shellQuote(cache.realPath)}`,
          },
        ],
      },
    ];
  },
};
