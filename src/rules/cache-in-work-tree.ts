// The module cache lies below a git work tree: git, linters and CI clean-up walk into it and stumble over read-only directories.

import type { FactRule } from "./rule.ts";
import { isInside, ownCacheFix } from "./shared/directory.ts";
import { pathOf, shellQuote } from "./shared/say.ts";

export const cacheInWorkTree: FactRule = {
  id: "cache-in-work-tree",
  severity: "warning",
  title: "the module cache is inside a git work tree",
  looksAt: "facts",
  check: (facts) => {
    const { cache, ci } = facts;
    const { workTree } = cache;
    if (workTree === undefined || (cache.state !== "directory" && cache.state !== "missing")) return [];
    // Some people keep their home directory in git; the cache is then where it belongs.
    if (facts.subject.home !== undefined && isInside(facts.subject.home, workTree)) return [];
    const relative = cache.realPath.slice(workTree === "/" ? 1 : workTree.length + 1);
    // GitLab caches only what is below the project, so there it is on purpose.
    const onPurpose = ci === "GitLab CI";
    return [
      {
        message: `${cache.path} is inside the git work tree ${workTree}: git clean and a new checkout fail on its read-only directories`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: "Go takes the write permission from every extracted module, so that only go clean -modcache or a chmod can delete it. Linters, editors and git status also read all of its files",
        severity: onPurpose ? "advice" : "warning",
        fixes: [
          ...(onPurpose ? [] : [ownCacheFix(facts)]),
          {
            title: "Hide it from git; git clean still deletes it with -x",
            disposition: "safe",
            command: `echo ${shellQuote(`/${relative}/`)} >> ${shellQuote(`${workTree}/.git/info/exclude`)}`,
          },
        ],
      },
    ];
  },
};
