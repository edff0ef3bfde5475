// An .info that go cannot read: cut off, full of NULs, or something else. Go takes it for missing.
import type { ContentRule } from "./rule.ts";
import { problemPaths } from "./shared/content-words.ts";
import { namesOf, ofThem, removeAndDownload } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

const id = "info-file-torn";

export const infoFileTorn: ContentRule = {
  id,
  severity: "warning",
  title: ".info files that go cannot read",
  looksAt: "contents",
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, ".info file is", ".info files are")} damaged (${namesOf(hits)}): go mod download and go list -m all fail without network`,
    paths: problemPaths(id, hits, facts),
    count: hits.count,
    subject: "every user without network or with GOPROXY=off",
    why: "An .info is a small JSON object with Version and Time. Go takes one that it cannot read for one that is not cached and asks the proxy. With GOPROXY=off it says `module lookup disabled by GOPROXY=off` and does not name the module.",
    fixes: [
      {
        title: `Delete the file and fetch it again${ofThem(hits)}`,
        disposition: "safe",
        command: removeAndDownload(hits, "info", facts),
      },
    ],
  }),
};
