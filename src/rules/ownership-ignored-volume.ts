// On macOS: the cache is on a volume that is mounted so that ownership is ignored. Everybody is the owner of everything there.
import type { Fix } from "../finding/finding.ts";
import type { FactRule } from "./rule.ts";
import { asRoot, ownCacheFix } from "./shared/directory.ts";
import { pathOf, shellQuote } from "./shared/say.ts";

/** File systems that could keep owners. */
const keepsOwners: ReadonlySet<string> = new Set(["apfs", "hfs"]);

export const ownershipIgnoredVolume: FactRule = {
  id: "ownership-ignored-volume",
  severity: "warning",
  title: "the module cache is on a volume that ignores ownership",
  looksAt: "facts",
  check: (facts) => {
    const { cache, platform } = facts;
    const { mount } = cache;
    if (platform !== "darwin" || cache.state !== "directory" || mount?.options.includes("noowners") !== true) return [];
    const enable: Fix = {
      title: "Let the volume keep owners; files get those that are stored with them",
      disposition: "unsafe",
      command: asRoot(facts, `diskutil enableOwnership ${shellQuote(mount.mountPoint)}`),
    };
    return [
      {
        message: `${cache.path} is on ${mount.mountPoint} (${mount.type}), which ignores ownership: every user of this Mac may change the cache, and so run code as every other user of it`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: "It is mounted with `noowners`, as macOS mounts external disks: each user but root counts as the owner of everything, so that chmod, chown and a contract of gomodcache protect nothing there. For one user alone it does no harm.",
        fixes: [ownCacheFix(facts), ...(keepsOwners.has(mount.type) ? [enable] : [])],
      },
    ];
  },
};
