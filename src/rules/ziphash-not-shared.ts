// A .ziphash that not everybody may write who may write its directory: only its owner can repair it.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { fixesForStricterFiles, isStricterThanDirectory, ownersOf } from "./shared/sharing.ts";

export const ziphashNotShared: EntryRule = {
  id: "ziphash-not-shared",
  severity: "warning",
  title: "ziphash files that others cannot write, in directories that they can",
  looksAt: "entries",
  kinds: ["ziphash"],
  departs: isStricterThanDirectory,
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "ziphash file")} of ${ownersOf(hits, facts)} cannot be written by others who write the same directories: only the owner's go can repair one that is torn`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: `every writer but ${ownersOf(hits, facts)}`,
    why: "Go writes a .ziphash in place. If a crash leaves it empty, or its zip is removed, the next go writes it again, and fails with `permission denied` for everybody but the owner. While it is intact nothing fails.",
    fixes: fixesForStricterFiles(hits, facts, "*.ziphash"),
  }),
};
