// A .lock that not everybody may write who may write its directory. Go opens it for writing to fetch or extract the module.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { fixesForStricterFiles, isStricterThanDirectory, ownersOf } from "./shared/sharing.ts";

export const lockFileNotShared: EntryRule = {
  id: "lock-file-not-shared",
  severity: "warning",
  title: "lock files that others cannot write, in directories that they can",
  looksAt: "entries",
  kinds: ["lock"],
  departs: isStricterThanDirectory,
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "lock file")} of ${ownersOf(hits, facts)} cannot be written by others who write the same directories: if such a module must be fetched or extracted again, go fails for them`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: `every writer but ${ownersOf(hits, facts)}`,
    why: "Go opens VERSION.lock for reading and writing before it fetches or extracts a module, and never deletes it. While the module is complete the lock is not opened, so nothing fails yet.",
    fixes: fixesForStricterFiles(hits, facts, "*.lock"),
  }),
};
