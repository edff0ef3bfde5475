// A cache of GitLab's that is not below the project directory: the runner leaves it out, and every job downloads again.

import { type CachePath, resolvedPath } from "../gitlab/model.ts";
import { withVariable } from "../gitlab/write.ts";
import { cacheNamed } from "../golang/cache-word.ts";
import type { LintDraft, LintFix, LintRule } from "../rule.ts";
import { replaced } from "../yaml/edit.ts";

export const gitlabCacheOutsideProject: LintRule<"gitlab-ci"> = {
  id: "gitlab-cache-outside-project",
  severity: "warning",
  title: "the runner does not cache what is outside of the project",
  kinds: ["gitlab-ci"],
  check: ({ caches, file }) => caches.flatMap((cache) => ofPath(cache, file.text)),
};

const home = /^~(\/|$)/;

function ofPath(cache: CachePath, text: string): LintDraft[] {
  const path = resolvedPath(cache.path, cache.variables);
  if (path === undefined || !isOutside(path)) return [];
  const holds = cacheOf(path);
  if (holds === undefined) return [];
  return [
    {
      message: home.test(path)
        ? `The runner does not replace the tilde in ${cache.path}, and caches nothing outside of the project: every job downloads again`
        : `${cache.path} is outside of the project: the runner does not cache it, and every job downloads again`,
      at: { start: cache.start, end: cache.end },
      why: "Only a warning in the log tells: not supported: outside build directory",
      fixes: [fixOf(cache, path, holds, text)],
    },
  ];
}

/** What is below /builds could be the project itself. */
function isOutside(path: string): boolean {
  if (path.startsWith("$")) return false;
  return home.test(path) || /^\/(?!builds(\/|$))/.test(path) || path.startsWith("../");
}

function cacheOf(path: string): "GOMODCACHE" | "GOCACHE" | undefined {
  const named = cacheNamed(path.replace(/\/\*+$/, "").replace(/\/+$/, ""));
  if (named === "GOPATH" || /^\/(root\/)?go$|^\/go\/pkg$/.test(path.replace(/\/+$/, ""))) return "GOMODCACHE";
  return named;
}

const leaf = { GOMODCACHE: ".go/pkg/mod", GOCACHE: ".cache/go-build" };

function fixOf(cache: CachePath, path: string, name: "GOMODCACHE" | "GOCACHE", text: string): LintFix {
  const inside = leaf[name];
  const words: LintFix = {
    title: `Keep it in the project: ${name}: $CI_PROJECT_DIR/${inside}, paths: [${inside}/], and ${inside.split("/")[0]}/ in .gitignore`,
    disposition: "unsafe",
  };
  // What is set somewhere would have to be changed there, and may be meant for something else too.
  if (cache.path !== path || cache.variables.has(name)) return words;
  const line = `${name}: "$CI_PROJECT_DIR/${inside}"`;
  const set = withVariable(cache, line, text);
  const moved = replaced(cache.field, `${inside}/`);
  return set === undefined || moved === undefined ? words : { ...words, edits: [...set, ...moved] };
}
