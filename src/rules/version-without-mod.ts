// Complete modules whose .mod or .info is missing: go asks the proxy for it, so it fails without network.

import type { ModuleRule } from "./rule.ts";
import { downloadAgain, namesOf, ofThem, recordPath } from "./shared/module-words.ts";
import { pathOf, plural } from "./shared/say.ts";

export const versionWithoutMod: ModuleRule = {
  id: "version-without-mod",
  severity: "warning",
  title: "cached modules without .mod or .info",
  looksAt: "modules",
  // go needs only the zip of a toolchain and never fetches the other two.
  departs: ({ files, module }) =>
    files.ziphash !== undefined &&
    (files.mod === undefined || files.info === undefined) &&
    module !== "golang.org/toolchain",
  conclude: (hits, facts) => {
    const builds = hits.examples.some(({ files }) => files.mod === undefined);
    return {
      message: `${plural(hits.count, "cached module has", "cached modules have")} no ${builds ? ".mod" : ".info"} (${namesOf(hits)}): without network ${builds ? "all go commands that need it" : "go mod download and go list -m all"} fail`,
      paths: hits.examples.map((record) =>
        pathOf(recordPath(record, record.files.mod === undefined ? "mod" : "info"), undefined, facts),
      ),
      count: hits.count,
      subject: "every user without network or with GOPROXY=off",
      why: "Go asks the proxy for the missing file. With GOPROXY=off it says `module lookup disabled by GOPROXY=off`. Who may not write the cache asks again each time, with a warning.",
      fixes: [
        { title: `Fetch what is missing${ofThem(hits)}`, disposition: "safe", command: downloadAgain(hits, facts) },
      ],
    };
  },
};
