// GOMODCACHE is something else than a directory.

import type { FactRule } from "./rule.ts";
import { ownCacheFix } from "./shared/directory.ts";
import { pathOf, shellQuote } from "./shared/say.ts";

export const cacheNotADirectory: FactRule = {
  id: "cache-not-a-directory",
  severity: "error",
  title: "GOMODCACHE is not a directory",
  looksAt: "facts",
  check: (facts) => {
    const { cache } = facts;
    if (cache.state !== "not-a-directory") return [];
    const what =
      cache.entry === undefined || cache.entry.type === "directory" ? "not a directory" : `a ${cache.entry.type}`;
    const aside = `${cache.path}.moved-aside`;
    return [
      {
        message: `${cache.path} is ${what}, so go cannot use it as the module cache for anybody`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: "Go stops as soon as it needs a module; it neither replaces the file nor falls back to another directory",
        fixes: [
          ownCacheFix(facts),
          {
            title: "Move it out of the way; go then makes the directory",
            disposition: "unsafe",
            command: `mv -n ${shellQuote(cache.path)} ${shellQuote(aside)}`,
          },
        ],
      },
    ];
  },
};
