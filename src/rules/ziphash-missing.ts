// Extracted modules whose zip is there and whose ziphash is not: go needs the second more than the first.

import type { ModuleRule } from "./rule.ts";
import { downloadAgain, namesOf, ofThem, recordPath, treePaths } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

export const ziphashMissing: ModuleRule = {
  id: "ziphash-missing",
  severity: "error",
  title: "extracted modules without ziphash",
  looksAt: "modules",
  departs: ({ extracted, files }) =>
    extracted !== undefined && files.ziphash === undefined && files.zip !== undefined && files.partial === undefined,
  conclude: (hits, facts) => {
    const first = hits.examples[0];
    if (first === undefined) return undefined;
    return {
      message: `${plural(hits.count, "extracted module has", "extracted modules have")} no ziphash (${namesOf(hits)}): builds fail for all who may not write the cache, and go mod verify for everybody`,
      paths: treePaths(hits, facts),
      count: hits.count,
      subject: "every user who may not write the cache",
      why: `${recordPath(first, "ziphash")} is missing. A copy left it out, or somebody deleted it. Go says that it is downloading and then \`permission denied\` about the .lock. A user who may write makes it again from the zip.`,
      fixes: [
        {
          title: `Let go make ${hits.count === 1 ? "it" : "them"} again from the zip${ofThem(hits)}`,
          disposition: "safe",
          command: downloadAgain(hits, facts),
        },
      ],
    };
  },
};
