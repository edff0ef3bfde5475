// An extracted module that is not what its zip or its hash says: somebody edited it, or the disk did.
import type { ModuleContent } from "../facts/content.ts";
import type { ContentRule } from "./rule.ts";
import { evidence, problemPaths, problemsOf, replaceAndDownload } from "./shared/content-words.ts";
import { namesOf, ofThem } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

const id = "tree-not-as-zip";

export const treeNotAsZip: ContentRule = {
  id,
  severity: "error",
  title: "extracted modules that are not what was fetched",
  looksAt: "contents",
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "extracted module is", "extracted modules are")} not what was fetched (${namesOf(hits)}): ${whatDeparts(hits.all)}; go builds what is there`,
    paths: problemPaths(id, hits, facts),
    count: hits.count,
    subject: "every user of the cache",
    why: `${evidence(id, hits)}. Go hashes no extracted file again, so that whoever may write them decides what all others build. Somebody edited the module, deleted a part of it, or put something into it.`,
    fixes: [
      {
        title: `Delete the tree, with all edits, and let go extract it again${ofThem(hits)}`,
        disposition: "unsafe",
        command: replaceAndDownload(hits, "tree", facts),
      },
    ],
  }),
};

/** `2 files changed, 1 missing, 3 too many`. */
function whatDeparts(contents: readonly ModuleContent[]): string {
  const problems = problemsOf(id, contents);
  const missing = problems.filter(({ found }) => found === "nothing").length;
  const extra = problems.filter(({ expected }) => expected === "nothing").length;
  const changed = problems.length - missing - extra;
  const unlisted = contents.reduce((sum, content) => sum + content.unlisted, 0);
  const parts = [
    ...(changed > 0 ? [`${plural(changed, "file or tree", "files or trees")} changed`] : []),
    ...(missing > 0 ? [`${plural(missing, "file")} missing`] : []),
    ...(extra > 0 ? [`${plural(extra, "file")} too many`] : []),
    ...(unlisted > 0 ? [`${plural(unlisted, "more difference")}`] : []),
  ];
  return parts.join(", ");
}
