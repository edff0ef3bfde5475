// Modules that are symbolic links into another cache: a view of a store. It works, except for go mod verify.
import type { CacheEntry } from "../facts/cache.ts";
import type { Facts } from "../facts/facts.ts";
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { findInCache, insideModules } from "./shared/shell.ts";

const recordKinds: ReadonlySet<string> = new Set(["info", "mod", "zip", "ziphash"]);

export const linkedModule: EntryRule = {
  id: "linked-module",
  severity: "advice",
  title: "modules that are symbolic links into another cache",
  looksAt: "entries",
  departs: (seen, facts) => seen.entry.type === "symlink" && isModuleLink(seen, facts),
  conclude: (hits, facts) => ({
    message: `${plural(hits.count, "module is a symbolic link", "modules are symbolic links")} into another cache: go builds with them, but go mod verify fails`,
    paths: pathsOf(hits.examples, facts),
    count: hits.count,
    subject: "whoever runs go mod verify here",
    why: "go mod verify says `is not a directory` for a linked module. Permissions are those of the other cache: check that one too.",
    fixes: [
      {
        title: "See where they lead",
        disposition: "safe",
        command: findInCache(facts, `-type l ${insideModules(facts)} -exec ls -l {} +`),
      },
    ],
  }),
};

/** True of a link `…/name@v1.2.3` outside cache/. */
function isModuleLink({ path }: CacheEntry, facts: Facts): boolean {
  const root = facts.cache.realPath;
  if (path.startsWith(`${root}/cache/`)) return false;
  const at = path.indexOf("@v", root.length);
  return at > 0 && path[at - 1] !== "/" && !path.includes("/", at);
}

/** True of the links that make up a view: module directories, and the files of their records. */
export function isRecordLink(seen: CacheEntry, facts: Facts): boolean {
  return recordKinds.has(seen.kind) || isModuleLink(seen, facts);
}
