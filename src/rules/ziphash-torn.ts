// A .ziphash whose text is no hash: cut off, full of NULs, or something else. Go takes it for missing.

import { recordedHash } from "../gocache/dirhash.ts";
import type { ModuleRule } from "./rule.ts";
import { hurtBy, namesOf, ofThem, recordPaths, removeAndDownload } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

export const ziphashTorn: ModuleRule = {
  id: "ziphash-torn",
  severity: "error",
  title: "ziphash files that hold no hash",
  looksAt: "modules",
  departs: ({ files, ziphashText }) =>
    ziphashText !== undefined &&
    files.ziphash !== undefined &&
    files.ziphash.size > 0 &&
    recordedHash(ziphashText) === undefined,
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "ziphash file holds", "ziphash files hold")} no hash (${namesOf(hits)}): builds fail for all who may not write ${hits.count === 1 ? "it" : "them"}, and go mod verify for everybody`,
    paths: recordPaths(hits, "ziphash", facts),
    count: hits.count,
    subject: hurtBy(hits, "ziphash", facts),
    why: "A .ziphash is `h1:` and 44 characters of base64. A crash, a full disk or a broken copy left something else. go mod verify says `zip has been modified`: a false alarm.",
    fixes: [
      {
        title: `Delete and write again${ofThem(hits)}`,
        disposition: "safe",
        command: removeAndDownload(hits, "ziphash", facts),
      },
    ],
  }),
};
