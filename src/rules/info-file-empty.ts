// An .info of zero bytes. Go takes it for missing and asks the proxy, each time if it may not write the file.

import type { ModuleRule } from "./rule.ts";
import { namesOf, ofThem, recordPaths, removeAndDownload } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

export const infoFileEmpty: ModuleRule = {
  id: "info-file-empty",
  severity: "warning",
  title: "empty .info files",
  looksAt: "modules",
  departs: ({ files }) => files.info?.type === "file" && files.info.size === 0,
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, ".info file is", ".info files are")} empty (${namesOf(hits)}): go mod download and go list -m all fail without network`,
    paths: recordPaths(hits, "info", facts),
    count: hits.count,
    subject: "every user without network or with GOPROXY=off",
    why: "Go takes a broken .info for one that is not cached and asks the proxy. With GOPROXY=off it says `module lookup disabled by GOPROXY=off` and does not name the module. Who may not write it asks again each time.",
    fixes: [
      {
        title: `Delete the empty file and fetch it again${ofThem(hits)}`,
        disposition: "safe",
        command: removeAndDownload(hits, "info", facts),
      },
    ],
  }),
};
