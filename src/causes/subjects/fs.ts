// Permission, ownership and read-only file systems.
import type { Subject } from "../rule.ts";
import { gocacheRules } from "./fs-gocache.ts";
import { modcacheRules } from "./fs-modcache.ts";
import { fsProjectRules } from "./fs-project.ts";

export const fs: Subject = {
  category: "fs",
  coarse: "fs",
  disposition: "fix-environment",
  words: [
    "permission denied",
    "operation not permitted",
    "read-only file system",
    "media is write protected",
    "access is denied",
    "stale nfs file handle",
    "stale file handle",
    "pkg/mod/",
    "pkg\\mod\\",
    "failed to remove directory",
    "cannot open: ",
  ],
  rules: [...fsProjectRules.first, ...gocacheRules, ...modcacheRules, ...fsProjectRules.last],
};
