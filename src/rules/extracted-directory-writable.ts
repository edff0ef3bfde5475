// Extracted directories that others than the owner can write: they can replace the files in them.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { othersMayWrite, writersOf } from "./shared/sharing.ts";
import { anyBitOf, findInCache, insideModules } from "./shared/shell.ts";
import { isLeftByClean } from "./world-writable-after-clean.ts";

export const extractedDirectoryWritable: EntryRule = {
  id: "extracted-directory-writable",
  severity: "warning",
  title: "extracted directories that others than the owner can write",
  looksAt: "entries",
  kinds: ["module-directory", "source-directory"],
  departs: ({ entry }) => entry.type === "directory" && othersMayWrite(entry) && !isLeftByClean(entry.mode),
  conclude: (hits, facts) => {
    const first = hits.examples[0];
    if (first === undefined) return undefined;
    return {
      message: `${plural(hits.count, "extracted directory", "extracted directories")} can be written by ${writersOf(first.entry, facts)} besides the owner: each writer can replace source files that others build`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: "every user of the cache",
      why: "Go takes the write permission of extracted directories away, unless GOFLAGS has -modcacherw. That flag with a umask of 002, a chmod -R or a Kubernetes fsGroup leaves them writable.",
      fixes: [
        {
          title: "Take the write permission away again",
          disposition: "safe",
          command: findInCache(facts, `${insideModules(facts)} -type d ${anyBitOf("020", "002")} -exec chmod a-w {} +`),
        },
      ],
    };
  },
};
