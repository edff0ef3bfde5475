// A .mod of zero bytes. Go trusts what is cached, and the checksum mismatch that follows looks like an attack.

import type { ModuleRule } from "./rule.ts";
import { namesOf, ofThem, recordPaths, removeAndDownload } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

export const modFileEmpty: ModuleRule = {
  id: "mod-file-empty",
  severity: "error",
  title: "empty go.mod files in cache/download",
  looksAt: "modules",
  departs: ({ files }) => files.mod?.type === "file" && files.mod.size === 0,
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "cached go.mod is", "cached go.mod files are")} empty (${namesOf(hits)}): every go command that needs ${hits.count === 1 ? "it" : "them"} stops with \`checksum mismatch\``,
    paths: recordPaths(hits, "mod", facts),
    count: hits.count,
    subject: "every user of the cache",
    why: "A crash or a full disk cut the write off. Go does not fetch it again by itself, not even for the owner. go.sum is right: do not delete it, and do not set GOSUMDB=off.",
    fixes: [
      {
        title: `Delete the empty file and fetch it again${ofThem(hits)}`,
        disposition: "safe",
        command: removeAndDownload(hits, "mod", facts),
      },
    ],
  }),
};
