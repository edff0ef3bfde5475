// Repositories in cache/vcs of another user: go cannot lock or update them, and git called by Go 1.19 refuses them.
import type { CacheEntry } from "../facts/cache.ts";
import type { Facts } from "../facts/facts.ts";
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural, subjectName } from "./shared/say.ts";
import { isRefused, ownersOf } from "./shared/sharing.ts";
import { findInCache, useOwnCache } from "./shared/shell.ts";

/** `cache/vcs/<sha256>`, its `.info` and its `.lock`: codehost.WorkDir of cmd/go. */
const work = /\/cache\/vcs\/[0-9a-f]{64}(\.info|\.lock)?$/;

export const vcsForeignOwner: EntryRule = {
  id: "vcs-foreign-owner",
  severity: "warning",
  title: "repositories in cache/vcs that another user owns",
  looksAt: "entries",
  kinds: ["vcs"],
  departs: ({ entry, path }, facts) =>
    entry.uid !== facts.subject.subject.uid &&
    work.test(path) &&
    !path.endsWith(".info") &&
    (isRefused(entry, facts) || (entry.type === "directory" && gitMayRefuse(facts))),
  conclude: (hits, facts) => {
    const who = subjectName(facts);
    const failing = fetchesDirectly(facts) && hits.examples.some(({ entry }) => isRefused(entry, facts));
    const { uid } = facts.subject.subject;
    return {
      ...(failing ? { severity: "error" } : {}),
      message: `${plural(hits.count, "entry", "entries")} of cache/vcs ${hits.count === 1 ? "belongs" : "belong"} to ${ownersOf(hits, facts)}: ${who} cannot fetch these repositories directly`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: who,
      why: causeOf(hits.examples, facts),
      fixes: [
        { title: `As ${who}, use a cache of your own`, disposition: "safe", command: useOwnCache(facts) },
        {
          title: `Give the repositories to ${who}; go fails with them for the owner of today`,
          disposition: "unsafe",
          command: findInCache(facts, `! -user ${uid} -exec chown -h ${uid} {} +`, "/cache/vcs"),
        },
      ],
    };
  },
};

function causeOf(examples: readonly CacheEntry[], facts: Facts): string {
  const when = "Go uses cache/vcs when it asks a repository and no proxy: GOPROXY=direct, GOPRIVATE or GONOPROXY.";
  const lock = examples.some(({ entry }) => isRefused(entry, facts))
    ? " It must write the lock file and the repository there."
    : "";
  const git = gitMayRefuse(facts)
    ? " git 2.35.2 and later refuses a repository of another user (dubious ownership); Go 1.19 reports that as `'origin' does not appear to be a git repository`."
    : "";
  return when + lock + git;
}

/** Go 1.19 runs git in the directory, where git checks its owner; Go 1.24 sets GIT_DIR, which git trusts. Both were tried. */
function gitMayRefuse({ go }: Facts): boolean {
  return go.version !== undefined && go.version.major === 1 && go.version.minor < 24;
}

function fetchesDirectly({ go }: Facts): boolean {
  const { GOPROXY = "", GOPRIVATE = "", GONOPROXY = "" } = go.env;
  return GOPRIVATE !== "" || GONOPROXY !== "" || /^direct\b/.test(GOPROXY);
}
