// Files with a second name somewhere: whoever changes one name changes the other, its owner and mode too.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { findInCache } from "./shared/shell.ts";

export const hardLinkedFile: EntryRule = {
  id: "hard-linked-file",
  severity: "warning",
  title: "files of the cache that have a second name (hard links)",
  looksAt: "entries",
  // git makes hard links between its repositories on purpose.
  departs: ({ entry, kind }) => entry.links > 1 && entry.type === "file" && kind !== "vcs",
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "file has", "files have")} a second name: a change of owner, mode or content here changes that name too`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: "whoever uses the other name",
    why: "Go never makes hard links. cp -l, rsync --link-dest or a tool that shares caches by links made them. A chown -R or chmod -R of one cache then damages the other.",
    fixes: [
      {
        title: "Show all names in the cache with the inode that they share",
        disposition: "safe",
        command: findInCache(facts, "-type f -links +1 -exec ls -li {} +"),
      },
      {
        title: "Give each name a file of its own",
        disposition: "unsafe",
        command: findInCache(
          facts,
          `-type f -links +1 -exec sh -c 'for f do cp -p -- "$f" "$f.copy" && mv -f -- "$f.copy" "$f"; done' sh {} +`,
        ),
      },
    ],
  }),
};
