// A zip that is not the one whose hash Go wrote down when it fetched it.
import type { ContentRule } from "./rule.ts";
import { evidence, problemPaths, replaceAndDownload } from "./shared/content-words.ts";
import { namesOf, ofThem } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

const id = "zip-not-as-recorded";

export const zipNotAsRecorded: ContentRule = {
  id,
  severity: "error",
  title: "zips that are not what their ziphash says",
  looksAt: "contents",
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "module zip is", "module zips are")} not what the ziphash says (${namesOf(hits)}): somebody replaced ${hits.count === 1 ? "one of the two" : "one of each two"}, or the disk damaged it`,
    paths: problemPaths(id, hits, facts),
    count: hits.count,
    subject: "every user of the cache",
    why: `${evidence(id, hits)}. Go compares only the text of .ziphash with go.sum and never hashes a cached zip again: it would extract and compile this one. Find out who may write the cache before you go on.`,
    fixes: [
      {
        title: `Delete zip, hash and tree, and let go fetch them again; keep a copy if you suspect an attack${ofThem(hits)}`,
        disposition: "unsafe",
        command: replaceAndDownload(hits, "everything", facts),
      },
    ],
  }),
};
