// Temporary files of downloads that were killed, and temporary directories of Go 1.15 and older.
import type { Facts } from "../facts/facts.ts";
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { findInCache } from "./shared/shell.ts";

/** go writes to a download's file all the time, so an hour without a change means that it is dead. */
const staleAfter = 60 * 60 * 1000;
/** `name@v1.2.3.tmp-123456789`: where Go 1.15 and older extracted (cmd/go/internal/modfetch/fetch.go, tmpPrefix). */
const oldTemporary = /\.tmp-\d+$/;

export const staleTemporaryFile: EntryRule = {
  id: "stale-temporary-file",
  severity: "advice",
  title: "temporary files of downloads that were killed",
  looksAt: "entries",
  kinds: ["temporary", "module-directory"],
  departs: ({ entry, kind, path }, facts) =>
    (kind === "temporary" || oldTemporary.test(path)) && isStale(entry.modified, facts),
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "temporary entry", "temporary entries")} of killed downloads take up space`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: "nobody: Go does not look at them",
    why: "Go writes to a temporary file and renames it. If it is killed meanwhile, the file stays, and only go clean -modcache deletes it.",
    fixes: [
      {
        title: "Delete temporary files that did not change for an hour",
        disposition: "unsafe",
        command: findInCache(facts, "-type f -name '*[0-9].tmp' -mmin +60 -exec rm -f {} +", "/cache/download"),
      },
      ...(hits.examples.some(({ kind }) => kind === "module-directory")
        ? [
            {
              title: "Delete the temporary directories of old Go versions",
              disposition: "unsafe" as const,
              command: findInCache(
                facts,
                "-type d -name '*@v*.tmp-[0-9]*' -prune -exec chmod -R u+w {} + -exec rm -rf {} +",
              ),
            },
          ]
        : []),
    ],
  }),
};

function isStale(modified: number, { now, runningGo }: Facts): boolean {
  if (now !== undefined) return now - modified > staleAfter;
  return "value" in runningGo && runningGo.value.length === 0;
}
