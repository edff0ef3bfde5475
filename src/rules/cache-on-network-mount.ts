// The cache is on a network file system, where locks may be missing and a server has the last word on permissions.
import type { Fix } from "../finding/finding.ts";
import { isDrvfs, isNetwork, type Mount } from "../permission/mount.ts";
import type { FactRule } from "./rule.ts";
import { ownCacheFix } from "./shared/directory.ts";
import { pathOf, shellQuote } from "./shared/say.ts";

export const cacheOnNetworkMount: FactRule = {
  id: "cache-on-network-mount",
  severity: "warning",
  title: "the module cache is on a network file system",
  looksAt: "facts",
  check: (facts) => {
    const { cache } = facts;
    if (cache.mount === undefined || cache.state !== "directory") return [];
    // A Windows drive in WSL is 9p as well, but has its own rule.
    if (!isNetwork(cache.mount) || isDrvfs(cache.mount)) return [];
    const { mountPoint, type, source } = cache.mount;
    return [
      {
        message: `${cache.path} is on ${mountPoint} (${type} from ${source}): downloads fail for every user if it has no file locks`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: locking(cache.mount),
        confidence: "likely",
        fixes: [...(facts.platform === "darwin" ? [] : [testLocks(cache.path)]), ownCacheFix(facts)],
      },
    ];
  },
};

/** macOS has no flock(1). */
function testLocks(path: string): Fix {
  return {
    title: "Test whether it has locks",
    disposition: "safe",
    command: `flock -w 5 ${shellQuote(path)} true && echo "locks work"`,
  };
}

function locking(mount: Mount): string {
  const local = mount.options.some((option) => /^(nolock|nobrl|local_lock=(all|flock))$/.test(option));
  if (local) {
    return `Its options (${mount.options.filter((option) => /lock|nobrl/.test(option)).join(", ")}) keep locks on this machine: two machines can write the same module at once and damage it`;
  }
  return "Go takes a flock on each module that it downloads. A server without a lock service answers `no locks available`, and one that maps root to nobody takes away what root may do here";
}
