// A cache stands in the work tree, and nothing keeps `git add .` from taking it.
import { shellQuote } from "../../rules/shared/say.ts";
import type { LintRule } from "../rule.ts";

export const cacheNotIgnored: LintRule<"repository"> = {
  id: "cache-not-ignored",
  severity: "warning",
  title: "a cache of go in the work tree is not ignored",
  kinds: ["repository"],
  check: ({ caches, file }) =>
    caches
      .filter(({ state }) => state === "untracked")
      .map(({ path, variable }) => ({
        message: `the ${variable === "GOCACHE" ? "build" : "module"} cache ${path} is in the work tree, and .gitignore does not name it`,
        at: { start: file.text.length, end: file.text.length },
        why: "One git add . makes it part of the repository, and git status reads all of its files. git clean fails on its read-only directories",
        fixes: [
          {
            title: "Ignore it",
            disposition: "safe",
            command: `echo ${shellQuote(`/${path}/`)} >> .gitignore`,
          },
          ...(variable === "GOCACHE"
            ? []
            : [
                {
                  title: "Or put the cache outside of the work tree",
                  disposition: "safe" as const,
                  command: 'go env -w GOMODCACHE="$HOME/go/pkg/mod"',
                },
              ]),
        ],
      })),
};
