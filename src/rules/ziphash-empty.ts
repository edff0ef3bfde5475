// A .ziphash of zero bytes, as a crash or a full disk leaves it. Go wants to write it again, and only its writers may.

import type { ModuleRule } from "./rule.ts";
import { downloadAgain, hurtBy, namesOf, ofThem, recordPaths } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

export const ziphashEmpty: ModuleRule = {
  id: "ziphash-empty",
  severity: "error",
  title: "empty ziphash files",
  looksAt: "modules",
  departs: ({ files }) => files.ziphash?.type === "file" && files.ziphash.size === 0,
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "ziphash file is", "ziphash files are")} empty (${namesOf(hits)}): builds fail for all who may not write ${hits.count === 1 ? "it" : "them"}, and go mod verify for everybody`,
    paths: recordPaths(hits, "ziphash", facts),
    count: hits.count,
    subject: hurtBy(hits, "ziphash", facts),
    why: "A crash or a full disk cut the write off. Go hashes the zip again and rewrites the file; who may not write it reads `permission denied`, although the file can be read. go mod verify says `zip has been modified`: a false alarm.",
    fixes: [
      {
        title: `Let go write ${hits.count === 1 ? "it" : "them"} again${ofThem(hits)}`,
        disposition: "safe",
        command: downloadAgain(hits, facts),
      },
    ],
  }),
};
