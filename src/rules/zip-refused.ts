// A zip with names or sizes that Go's rules for module zips forbid: go would hash it, but never extract it.
import type { ContentRule } from "./rule.ts";
import { evidence, problemPaths, replaceAndDownload } from "./shared/content-words.ts";
import { namesOf, ofThem } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

const id = "zip-refused";

export const zipRefused: ContentRule = {
  id,
  severity: "error",
  title: "zips that go refuses to extract",
  looksAt: "contents",
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "zip is", "zips are")} no module zip (${namesOf(hits)}): go refuses to extract ${hits.count === 1 ? "it" : "them"}`,
    paths: problemPaths(id, hits, facts),
    count: hits.count,
    subject: "every user of the cache",
    why: `${evidence(id, hits)}. Every name in a module zip begins with module@version/, names are clean and occur once, and all files together have at most 500 MiB. Go makes and keeps no other: somebody put it there, or a proxy served it.`,
    fixes: [
      {
        title: `Delete zip, hash and tree, and let go fetch them again${ofThem(hits)}`,
        disposition: "unsafe",
        command: replaceAndDownload(hits, "everything", facts),
      },
    ],
  }),
};
