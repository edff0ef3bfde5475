// Standard packages that are "not in std": what goes wrong with the build cache, and is told as if it were GOROOT's fault.
import type { Rule } from "../rule.ts";
import { chownGocache, freshGocache, ownGocache } from "./remedies.ts";
import { misreported } from "./standard.ts";

const cleanGocache = { text: "If so, empty it when nobody builds", command: "go clean -cache" };

/** The same words for four causes; only a look at the build cache can tell them apart. */
export const misreportedRule: Rule = {
  subcategory: "enospc-misreported",
  holds: misreported,
  near: "symptom",
  likely: true,
  message:
    "go cannot use its index of the standard library, which is in the build cache: GOCACHE is most often full; GOROOT is rarely to blame",
  remedies: [
    {
      text: "See whether the build cache has room and inodes",
      command: 'df -h "$(go env GOCACHE)"; df -i "$(go env GOCACHE)"',
    },
    freshGocache,
    cleanGocache,
  ],
  also: [
    {
      subcategory: "inodes-gocache-misreported",
      likely: true,
      message: "Or GOCACHE is out of inodes, while there is room for bytes",
      remedies: [{ text: "Count them", command: 'df -i "$(go env GOCACHE)"' }, cleanGocache],
    },
    {
      subcategory: "gocache-corrupt-misreported",
      category: "cache-corrupt",
      likely: true,
      message: "Or entries of GOCACHE are damaged, as after a crash",
      remedies: [freshGocache, cleanGocache],
    },
    {
      subcategory: "gocache-unreadable-misreported",
      category: "fs",
      coarse: "fs",
      likely: true,
      message: "Or part of GOCACHE belongs to another user",
      remedies: [
        { text: "Look for it", command: 'find "$(go env GOCACHE)" ! -user "$(id -un)" | head' },
        chownGocache,
        ownGocache,
      ],
    },
  ],
};
