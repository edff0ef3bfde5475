// Files that run with the rights of their owner or group. Go never makes one.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { ownersOf } from "./shared/sharing.ts";
import { findInCache } from "./shared/shell.ts";

export const setuidEntry: EntryRule = {
  id: "setuid-entry",
  severity: "warning",
  title: "setuid or setgid programs in the cache",
  looksAt: "entries",
  // setgid without the group's x is no program: chmod -R g+s does that to files.
  departs: ({ entry }) =>
    (entry.mode & 0o6000) !== 0 &&
    entry.type === "file" &&
    ((entry.mode & 0o4000) !== 0 || (entry.mode & 0o2010) === 0o2010),
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "file")} in the cache ${hits.count === 1 ? "runs" : "run"} with the rights of the owner or group (${ownersOf(hits, facts)}), whoever starts ${hits.count === 1 ? "it" : "them"}`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: ownersOf(hits, facts),
    why: "Go never sets these bits. A chmod -R did, or somebody left a door open. Find out what the file is before you clear the bits.",
    fixes: [
      {
        title: "Clear setuid and setgid on files",
        disposition: "safe",
        command: findInCache(facts, "-type f \\( -perm -4000 -o -perm -2010 \\) -exec chmod u-s,g-s {} +"),
      },
    ],
  }),
};
