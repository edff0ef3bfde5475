// A .zip of zero bytes. Builds use the extracted tree; whoever must read the zip fails, and go never fetches it again.

import type { ModuleRule } from "./rule.ts";
import { namesOf, ofThem, recordPaths, removeAndDownload } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

export const zipEmpty: ModuleRule = {
  id: "zip-empty",
  severity: "error",
  title: "empty zip files",
  looksAt: "modules",
  departs: ({ files }) => files.zip?.type === "file" && files.zip.size === 0,
  conclude: (hits, facts) => {
    const extracted = hits.examples.every((record) => record.extracted !== undefined);
    return {
      message: `${plural(hits.count, "module zip is", "module zips are")} empty (${namesOf(hits)}): ${extracted ? "go mod verify fails, and so do users of the cache as a proxy" : "go cannot extract the module"}`,
      paths: recordPaths(hits, "zip", facts),
      count: hits.count,
      subject: "every user of the cache",
      why: "A crash, a full disk or a broken copy left it. Go looks only whether the zip exists, so it says `zip: not a valid zip file` and never fetches it again. Builds go on while the module is extracted.",
      fixes: [
        {
          title: `Delete the empty file and fetch it again${ofThem(hits)}`,
          disposition: "safe",
          command: removeAndDownload(hits, "zip", facts),
        },
      ],
    };
  },
};
