// A module in the cache that is not the one that go.sum was written for.
import type { ContentRule } from "./rule.ts";
import { evidence, problemPaths, replaceAndDownload } from "./shared/content-words.ts";
import { namesOf, ofThem } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

const id = "zip-not-as-go-sum";

export const zipNotAsGoSum: ContentRule = {
  id,
  severity: "error",
  title: "modules that are not what go.sum says",
  looksAt: "contents",
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "module is", "modules are")} not what go.sum says (${namesOf(hits)}): an attack or a corruption, in the cache or on the way to it`,
    paths: problemPaths(id, hits, facts),
    count: hits.count,
    subject: "every user of the cache",
    why: `${evidence(id, hits)}. If the ziphash is wrong too, go says SECURITY ERROR; if it is right, go notices nothing and builds what is there. A version that was published twice with different contents looks the same. Do not delete go.sum, and do not set GOSUMDB=off.`,
    fixes: [
      {
        title: `Delete zip, hash and tree, and let go fetch them again; keep a copy if you suspect an attack${ofThem(hits)}`,
        disposition: "unsafe",
        command: replaceAndDownload(hits, "everything", facts),
      },
    ],
  }),
};
