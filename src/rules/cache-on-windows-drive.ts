// In WSL, the cache is on a Windows drive.
import { isDrvfs } from "../permission/mount.ts";
import type { FactRule } from "./rule.ts";
import { pathOf } from "./shared/say.ts";
import { linuxSideFix, metadataFix, modesOn } from "./shared/wsl.ts";

export const cacheOnWindowsDrive: FactRule = {
  id: "cache-on-windows-drive",
  severity: "warning",
  title: "the module cache is on a Windows drive",
  looksAt: "facts",
  check: (facts) => {
    const { cache } = facts;
    if (cache.mount === undefined || !isDrvfs(cache.mount)) return [];
    if (cache.state !== "directory" && cache.state !== "missing") return [];
    return [
      {
        message: `${cache.path} is on the Windows drive ${cache.mount.mountPoint}: permissions, locks and renames there follow Windows, for every user`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: `${modesOn(cache.mount)}. A rename onto a read-only file, or onto one that a virus scanner or an editor holds open, can fail, and each small file is slow`,
        fixes: [linuxSideFix(facts), ...metadataFix(facts, cache.mount)],
      },
    ];
  },
};
