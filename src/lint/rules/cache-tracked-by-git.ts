// A module cache or a build cache is part of the repository: every clone gets it, with git's modes and the cloner's owner.
import { shellQuote } from "../../rules/shared/say.ts";
import type { LintRule } from "../rule.ts";

export const cacheTrackedByGit: LintRule<"repository"> = {
  id: "cache-tracked-by-git",
  severity: "error",
  title: "a cache of go is tracked by git",
  kinds: ["repository"],
  check: ({ caches }) =>
    caches
      .filter(({ state }) => state === "tracked")
      .map(({ path, variable, tracked }) => ({
        message: `git tracks ${tracked} files of the ${variable === "GOCACHE" ? "build" : "module"} cache ${path}`,
        at: { start: 0, end: 0 },
        why: "git keeps no owner and no mode but the executable bit: after a checkout extracted modules are writable, and git clean or a switch of branches fails where they are not. The cache grows with every update, in every clone",
        fixes: [
          {
            title: "Take it out of git, and keep it ignored; the files stay",
            disposition: "safe",
            command: `git rm -r -q --cached ${shellQuote(path)} && echo ${shellQuote(`/${path}/`)} >> .gitignore`,
          },
        ],
      })),
};
