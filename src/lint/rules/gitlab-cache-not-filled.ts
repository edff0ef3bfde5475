// A cache of GitLab's that names a directory in the project, and nothing tells go to keep its modules there.

import { type CachePath, resolvedPath } from "../gitlab/model.ts";
import { withVariable } from "../gitlab/write.ts";
import { goCommand } from "../golang/command.ts";
import type { LintDraft, LintRule } from "../rule.ts";

export const gitlabCacheNotFilled: LintRule<"gitlab-ci"> = {
  id: "gitlab-cache-not-filled",
  severity: "warning",
  title: "go does not use the directory that is cached",
  kinds: ["gitlab-ci"],
  check: ({ caches, file, open, commands }) =>
    // Other files may set it, and without a go command here it is not known who runs go.
    open || !commands.some((one) => goCommand(one)?.fetches === true)
      ? []
      : caches.flatMap((cache) => ofPath(cache, file.text)),
};

function ofPath(cache: CachePath, text: string): LintDraft[] {
  const path = resolvedPath(cache.path, cache.variables)?.replace(/^(\$CI_PROJECT_DIR|\.)\//, "");
  const match = /^([\w.-]+\/)*?(pkg\/mod|go-build)\/?$/.exec(path ?? "");
  if (path === undefined || match === null) return [];
  const modules = match[2] === "pkg/mod";
  // Anywhere in the file, also in a script that moves or links the directory.
  if ((modules ? /GOMODCACHE|GOPATH|GOENV/ : /GOCACHE|XDG_CACHE_HOME|GOENV/).test(text)) return [];
  if (/\bHOME\b/.test(text)) return [];
  const name = modules ? "GOMODCACHE" : "GOCACHE";
  const line = `${name}: "$CI_PROJECT_DIR/${path.replace(/\/+$/, "")}"`;
  const edits = withVariable(cache, line, text);
  return [
    {
      message: `${cache.path} is cached, but nothing sets ${name}: go keeps its ${modules ? "modules" : "results"} elsewhere, and the cache stays empty`,
      at: { start: cache.start, end: cache.end },
      confidence: "likely",
      why: "The runner archives what is below the project only; in the golang images GOPATH is /go, elsewhere it is in the user's home",
      fixes: [
        {
          title: `Point go there: ${line}`,
          // A directory with a dot is none that ./... looks into.
          disposition: path.startsWith(".") ? "safe" : "unsafe",
          ...(edits === undefined ? {} : { edits }),
        },
      ],
    },
  ];
}
