// A .partial: go was killed while it extracted the module, or is extracting it now. The next go deletes the tree and starts again, if it may.

import type { ModuleRule } from "./rule.ts";
import { downloadAgain, namesOf, ofThem, recordPaths } from "./shared/module-words.ts";
import { plural, userName } from "./shared/say.ts";

export const partialExtraction: ModuleRule = {
  id: "partial-extraction",
  severity: "error",
  title: "modules whose extraction was cut off",
  looksAt: "modules",
  departs: ({ files }) => files.partial !== undefined,
  conclude: (hits, facts) => {
    const first = hits.examples[0];
    if (first === undefined) return undefined;
    const busy = "value" in facts.runningGo && facts.runningGo.value.length > 0;
    const entry = first.extracted ?? first.files.partial;
    const owner = entry === undefined ? "the owner" : userName(entry.uid, facts);
    return {
      ...(busy ? { confidence: "likely" as const, severity: "warning" as const } : {}),
      message: `The extraction of ${plural(hits.count, "module")} was cut off (${namesOf(hits)}): builds fail for every user but ${owner}`,
      paths: recordPaths(hits, "partial", facts),
      count: hits.count,
      subject: `every user but ${owner}`,
      why: `${busy ? "A go command is running and may be extracting it now: look again when it has ended. Otherwise go" : "Go"} was killed, or the disk was full. The next go deletes the half tree and extracts again, which only the tree's owner or root may do. The others read \`permission denied\` about the .lock, or about the tree.`,
      fixes: [
        {
          title: `Let the owner's go extract again${ofThem(hits)}`,
          disposition: "safe",
          command: downloadAgain(hits, facts),
        },
      ],
    };
  },
};
