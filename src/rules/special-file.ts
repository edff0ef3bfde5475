// FIFOs, sockets and devices in the cache. Go never makes one, and some of its commands wait at a FIFO for ever.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { findInCache } from "./shared/shell.ts";

export const specialFile: EntryRule = {
  id: "special-file",
  severity: "warning",
  title: "FIFOs, sockets or devices in the cache",
  looksAt: "entries",
  departs: ({ entry }) => entry.type !== "file" && entry.type !== "directory" && entry.type !== "symlink",
  conclude: (hits, facts) => {
    const kinds = [...new Set(hits.examples.map(({ entry }) => entry.type))].map((type) =>
      type === "fifo" ? "FIFO" : type === "socket" ? type : `${type} device`,
    );
    return {
      message: `${plural(hits.count, "entry", "entries")} of the cache ${hits.count === 1 ? "is" : "are"} neither file nor directory (${kinds.join(", ")})`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: "every user of the cache",
      why: "Go makes only files and directories there. go mod verify waits for ever at a FIFO in an extracted module, and so does a backup or grep.",
      fixes: [
        {
          title: "Delete them",
          disposition: "unsafe",
          command: findInCache(facts, "! -type f ! -type d ! -type l -exec rm -f {} +"),
        },
      ],
    };
  },
};
