// A `list` that not everybody may write who may write its directory: go does not update it, and does not say so.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { fixesForStricterFiles, isStricterThanDirectory, ownersOf } from "./shared/sharing.ts";

export const versionListNotShared: EntryRule = {
  id: "version-list-not-shared",
  severity: "warning",
  title: "version lists that others cannot write, in directories that they can",
  looksAt: "entries",
  kinds: ["list"],
  departs: isStricterThanDirectory,
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "version list")} of ${ownersOf(hits, facts)} cannot be written by others who write the same directories: versions that they fetch stay unlisted`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: "users of this cache as a file:// proxy",
    why: "Go rewrites @v/list after each new version and ignores the error if it may not. Builds work, but whoever uses cache/download as a GOPROXY does not see the version.",
    fixes: fixesForStricterFiles(hits, facts, "list"),
  }),
};
