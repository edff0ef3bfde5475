// A module whose zip or hash is cached, but not its extracted tree: go extracts it again, if it may.
import type { ContentRule } from "./rule.ts";
import { problemPaths } from "./shared/content-words.ts";
import { downloadAgain, namesOf, ofThem } from "./shared/module-words.ts";
import { plural } from "./shared/say.ts";

const id = "tree-missing";

export const treeMissing: ContentRule = {
  id,
  severity: "warning",
  title: "fetched modules that are not extracted",
  looksAt: "contents",
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "fetched module is", "fetched modules are")} not extracted (${namesOf(hits)}): builds fail for all who may not write the cache`,
    paths: problemPaths(id, hits, facts),
    count: hits.count,
    subject: "every user who may not write the cache",
    why: "Somebody deleted the tree, or copied only cache/download. Go extracts it again for whoever may write, and does not hash the zip before. Others read `permission denied` about the .lock. go mod verify says nothing about it.",
    fixes: [{ title: `Let go extract again${ofThem(hits)}`, disposition: "safe", command: downloadAgain(hits, facts) }],
  }),
};
