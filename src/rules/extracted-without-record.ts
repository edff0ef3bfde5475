// Extracted modules without zip and ziphash: go takes them for missing. A foreign go clean -modcache leaves a whole cache like this.
import type { ModuleRecord } from "../facts/cache.ts";
import type { Hits, ModuleRule } from "./rule.ts";
import { downloadAgain, namesOf, ofThem, treePaths } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

export const extractedWithoutRecord: ModuleRule = {
  id: "extracted-without-record",
  severity: "error",
  title: "extracted modules without zip record, as a foreign go clean leaves them",
  looksAt: "modules",
  departs: ({ extracted, files }) => extracted !== undefined && files.ziphash === undefined && files.zip === undefined,
  conclude: (hits, facts) => {
    const cleaned = isHalfCleaned(hits);
    const modules = plural(hits.count, "extracted module has", "extracted modules have");
    return {
      message: cleaned
        ? `The cache is half deleted: ${modules} lost all of cache/download (${namesOf(hits)}), so go fetches again or fails for all who may not write`
        : `${modules} neither zip nor ziphash (${namesOf(hits)}): go fetches again or fails for all who may not write`,
      paths: treePaths(hits, facts),
      count: hits.count,
      subject: "every user who may not write the cache, or has no network",
      why: cleaned
        ? "go clean -modcache of a user who does not own the extracted directories deletes cache/download and then stops at the first of them. The next download takes the old directory as it is: run go mod verify afterwards."
        : "Somebody deleted the zip and its hash to save space. Go needs the .ziphash (the zip alone it can do without). The next download takes the old directory as it is: run go mod verify afterwards.",
      fixes: [
        { title: `Fetch the record again${ofThem(hits)}`, disposition: "safe", command: downloadAgain(hits, facts) },
        {
          title: "Then, in your project, compare the directories with go.sum",
          disposition: "safe",
          command: "go mod verify",
        },
      ],
    };
  },
};

/** A clean takes all files of the record; who only saves space leaves .mod and .info. */
function isHalfCleaned({ examples }: Hits<ModuleRecord>): boolean {
  return examples.every(({ files }) => files.info === undefined && files.mod === undefined && files.lock === undefined);
}
