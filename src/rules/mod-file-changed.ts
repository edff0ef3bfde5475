// A cached go.mod that is not the one of go.sum or, where go.sum says nothing, of the module's own zip.
import type { ContentRule } from "./rule.ts";
import { evidence, problemPaths } from "./shared/content-words.ts";
import { namesOf, ofThem, removeAndDownload } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

const id = "mod-file-changed";

export const modFileChanged: ContentRule = {
  id,
  severity: "error",
  title: "cached go.mod files that are not the module's own",
  looksAt: "contents",
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "cached go.mod is", "cached go.mod files are")} not the module's own (${namesOf(hits)}): go commands that need ${hits.count === 1 ? "it" : "them"} stop with \`checksum mismatch\`, or without go.sum choose other versions`,
    paths: problemPaths(id, hits, facts),
    count: hits.count,
    subject: "every user of the cache",
    why: `${evidence(id, hits)}. Somebody edited the file, or a crash filled it with NULs. Go does not fetch it again by itself. go.sum is right: do not delete it, and do not set GOSUMDB=off.`,
    fixes: [
      {
        title: `Delete the file and fetch it again${ofThem(hits)}`,
        disposition: "unsafe",
        command: removeAndDownload(hits, "mod", facts),
      },
    ],
  }),
};
