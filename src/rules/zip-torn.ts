// A zip that cannot be read to its end: cut off, overwritten, or damaged on the disk.
import type { ContentRule } from "./rule.ts";
import { evidence, problemPaths, replaceAndDownload } from "./shared/content-words.ts";
import { namesOf, ofThem } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

const id = "zip-torn";

export const zipTorn: ContentRule = {
  id,
  severity: "error",
  title: "damaged zips",
  looksAt: "contents",
  conclude: (hits, facts) => {
    const extracted = hits.all.every((content) => content.extracted !== undefined);
    return {
      message: `${plural(hits.count, "module zip is", "module zips are")} damaged (${namesOf(hits)}): ${extracted ? "go mod verify fails, and so do users of the cache as a proxy" : "go cannot extract the module"}`,
      paths: problemPaths(id, hits, facts),
      count: hits.count,
      subject: "every user of the cache",
      why: `${evidence(id, hits)}. A crash, a full disk or a broken copy cut it off, or the disk is failing. Go looks only whether the zip exists and never fetches it again.`,
      fixes: [
        {
          title: `Delete zip, hash and tree, and let go fetch them again${ofThem(hits)}`,
          disposition: "unsafe",
          command: replaceAndDownload(hits, "everything", facts),
        },
      ],
    };
  },
};
