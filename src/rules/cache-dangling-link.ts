// GOMODCACHE is a symbolic link to something that does not exist. Go's mkdir then fails with "file exists".

import type { FactRule } from "./rule.ts";
import { ownCacheFix } from "./shared/directory.ts";
import { pathOf, shellQuote } from "./shared/say.ts";

export const cacheDanglingLink: FactRule = {
  id: "cache-dangling-link",
  severity: "error",
  title: "GOMODCACHE is a link to nothing",
  looksAt: "facts",
  check: (facts) => {
    const { cache } = facts;
    if (cache.state !== "dangling-link") return [];
    const target = cache.realPath !== "" && cache.realPath !== cache.path ? cache.realPath : undefined;
    const quoted = target === undefined ? `"$(readlink -m ${shellQuote(cache.path)})"` : shellQuote(target);
    return [
      {
        message: `${cache.path} is a symbolic link ${target === undefined ? "to something" : `to ${target}`} that does not exist, so go fails for everybody who uses it`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: "Often the volume behind the link is not mounted. Go does not create the target of a link: its mkdir meets the link and says `file exists`",
        fixes: [
          {
            title: "See where the link leads, and mount that volume",
            disposition: "safe",
            command: `ls -ld ${shellQuote(cache.path)}`,
          },
          {
            title: "If no volume belongs there, make the target",
            disposition: "unsafe",
            command: `mkdir -p ${quoted}`,
          },
          ownCacheFix(facts),
        ],
      },
    ];
  },
};
