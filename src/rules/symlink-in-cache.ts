// Symbolic links where Go makes none. What it reads there is outside of what owner and mode of the cache protect.

import { isRecordLink } from "./linked-module.ts";
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { findInCache } from "./shared/shell.ts";

export const symlinkInCache: EntryRule = {
  id: "symlink-in-cache",
  severity: "warning",
  title: "symbolic links inside the cache",
  looksAt: "entries",
  // A checkout in cache/vcs may hold links.
  departs: (seen, facts) => seen.entry.type === "symlink" && seen.kind !== "vcs" && !isRecordLink(seen, facts),
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "symbolic link")} in the cache ${hits.count === 1 ? "leads" : "lead"} to where its permissions do not reach: whoever owns the target decides what go builds`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: "every user of the cache",
    why: "Module zips hold no links, so Go never makes one. A linked file cannot be embedded (`cannot embed irregular file`), and a target that moves breaks builds.",
    fixes: [
      {
        title: "See where they lead",
        disposition: "safe",
        command: findInCache(facts, "-type l -exec ls -l {} +"),
      },
    ],
  }),
};
