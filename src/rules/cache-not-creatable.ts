// GOMODCACHE does not exist, and the subject may not create it: every go command that needs a module fails.

import type { FactRule } from "./rule.ts";
import { makeFix, ownCacheFix, refusalOf } from "./shared/directory.ts";
import { brokenHome } from "./shared/home.ts";
import { isClosedToArbitraryUid } from "./shared/host.ts";
import { pathOf, subjectName } from "./shared/say.ts";

export const cacheNotCreatable: FactRule = {
  id: "cache-not-creatable",
  severity: "error",
  title: "the module cache is missing and cannot be created",
  looksAt: "facts",
  check: (facts) => {
    const { cache } = facts;
    if (cache.state !== "missing" || cache.creatable?.verdict !== "no") return [];
    // The causes of these have rules of their own.
    if (isClosedToArbitraryUid(facts)) return [];
    if (cache.mount?.readOnly === true || brokenHome(facts)?.hurts.includes("GOMODCACHE") === true) return [];
    return [
      {
        message: `${cache.path} does not exist and ${subjectName(facts)} cannot create it, so every go command that needs a module fails`,
        paths: [pathOf(cache.path, undefined, facts)],
        count: 1,
        subject: subjectName(facts),
        why: refusalOf(cache.creatable),
        fixes: [makeFix(facts, cache.path), ownCacheFix(facts)],
      },
    ];
  },
};
