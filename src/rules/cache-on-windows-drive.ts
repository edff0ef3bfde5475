// In WSL, the cache is on a Windows drive.
import { isDrvfs } from "../permission/mount.ts";
import type { FactRule } from "./rule.ts";
import { ownCacheFix } from "./shared/directory.ts";
import { pathOf } from "./shared/say.ts";

export const cacheOnWindowsDrive: FactRule = {
  id: "cache-on-windows-drive",
  severity: "warning",
  title: "the module cache is on a Windows drive",
  looksAt: "facts",
  check: (facts) => {
    const { cache } = facts;
    if (cache.mount === undefined || !isDrvfs(cache.mount)) return [];
    if (cache.state !== "directory" && cache.state !== "missing") return [];
    const metadata = cache.mount.options.some((option) => option.includes("metadata"));
    return [
      {
        message: `${cache.path} is on the Windows drive ${cache.mount.mountPoint}: permissions, locks and renames there follow Windows, for every user`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: `${metadata ? "" : "It is mounted without the metadata option, so that chmod and chown have no effect. "}A virus scanner or an editor that holds a file open makes Go's rename fail, and each small file is slow`,
        fixes: [ownCacheFix(facts)],
      },
    ];
  },
};
