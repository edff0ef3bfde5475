// Extracted directories that are 0777: go clean -modcache makes them so before it deletes, whatever the umask, and was interrupted.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { findInCache, insideModules } from "./shared/shell.ts";

export const worldWritableAfterClean: EntryRule = {
  id: "world-writable-after-clean",
  severity: "warning",
  title: "extracted directories that every user can write, left by an interrupted go clean",
  looksAt: "entries",
  kinds: ["module-directory", "source-directory"],
  departs: ({ entry }) => entry.type === "directory" && isLeftByClean(entry.mode),
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "extracted directory", "extracted directories")} can be written by every user: anybody can put code into other users' builds`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: "every user of the cache",
    why: "go clean -modcache sets every directory to 0777 before it deletes. It was interrupted, or it could not delete what another user owns. A chmod -R 777 looks the same.",
    fixes: [
      {
        title: "Make extracted directories read-only again, as Go does",
        disposition: "safe",
        command: findInCache(facts, `${insideModules(facts)} -type d -perm -002 -exec chmod a-w {} +`),
      },
    ],
  }),
};

/** True of what this rule tells about, so that extracted-directory-writable does not tell it again. */
export function isLeftByClean(mode: number): boolean {
  return (mode & 0o7777) === 0o777;
}
