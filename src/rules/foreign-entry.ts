// What Go did not put there. It does no harm by itself, but it shows that something else writes the cache.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";

/** Made by file systems, by NFS for deleted files in use, or to mark a cache directory (bford.info/cachedir). */
const harmless = /\/(lost\+found|\.gitkeep|\.gitignore|CACHEDIR\.TAG|\.DS_Store|\.nfs[0-9a-f]+)(\/|$)/;

export const foreignEntry: EntryRule = {
  id: "foreign-entry",
  severity: "advice",
  title: "files or directories in the cache that Go did not make",
  looksAt: "entries",
  kinds: ["foreign"],
  departs: ({ entry, path }) => (entry.type === "file" || entry.type === "directory") && !harmless.test(path),
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "entry", "entries")} of the cache ${hits.count === 1 ? "is" : "are"} nothing that Go puts there`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: "nobody yet",
    why: "Go does not look at them. Another program writes this directory; go clean -modcache deletes them with all the rest.",
    fixes: [],
  }),
};
