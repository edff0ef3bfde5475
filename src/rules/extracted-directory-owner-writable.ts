// Extracted directories that their owner can write: -modcacherw. It makes deleting easy, and edits by accident too.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { othersMayWrite } from "./shared/sharing.ts";
import { findInCache, insideModules } from "./shared/shell.ts";

export const extractedDirectoryOwnerWritable: EntryRule = {
  id: "extracted-directory-owner-writable",
  severity: "advice",
  title: "extracted directories that their owner can write (-modcacherw)",
  looksAt: "entries",
  kinds: ["module-directory", "source-directory"],
  departs: ({ entry }) => entry.type === "directory" && (entry.mode & 0o200) !== 0 && !othersMayWrite(entry),
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "extracted directory", "extracted directories")} can be written by the owner: files in the cache can be added or replaced by accident`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: "the owner of the cache",
    why: "GOFLAGS=-modcacherw keeps these directories writable so that rm -rf can delete the cache. go build does not notice what is added there.",
    fixes: [
      {
        title: "Take the write permission away",
        disposition: "safe",
        command: findInCache(facts, `${insideModules(facts)} -type d -perm -200 -exec chmod a-w {} +`),
      },
      {
        title: "Delete the cache, when you must, with the command that needs no write permission",
        disposition: "unsafe",
        command: "go clean -modcache",
      },
    ],
  }),
};
