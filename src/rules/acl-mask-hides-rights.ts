// ACL entries that the mask makes void: chmod(1), cp without -a and archives set the mask, since it is the group part of the mode.
import type { CacheEntry } from "../facts/cache.ts";
import { type Acl, formatAcl } from "../permission/acl.ts";
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { findInCache, insideModules, outsideModules } from "./shared/shell.ts";

export const aclMaskHidesRights: EntryRule = {
  id: "acl-mask-hides-rights",
  severity: "warning",
  title: "ACLs whose mask takes away rights that they grant",
  looksAt: "entries",
  blocked: ({ acls }) => ("unseen" in acls ? acls.unseen : undefined),
  departs: (seen) => {
    const { acl, mode } = seen.entry;
    return acl?.mask !== undefined && (granted(acl) & ~(mode >> 3) & rightsThatMatter(seen)) !== 0;
  },
  conclude: (hits, facts) => {
    const first = hits.examples[0];
    if (first?.entry.acl === undefined) return undefined;
    const outside = outsideModules(facts);
    const inside = insideModules(facts);
    return {
      message: `${plural(hits.count, "entry has", "entries have")} an ACL whose mask takes away rights that it grants: its users and groups are refused`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: "the users and groups that the ACL names",
      why: `${first.path} has ${formatAcl(first.entry.acl)}. A chmod changes the mask of an ACL, not the right of the group; so do cp and tar when they restore a mode.`,
      fixes: [
        {
          title: "Widen the mask where go writes, so that the ACL's entries count again",
          disposition: "safe",
          command: `${findInCache(facts, `${outside} -type d -exec setfacl -m m::rwx {} +`)} && ${findInCache(facts, `${outside} -type f -exec setfacl -m m::rw {} +`)}`,
        },
        {
          title: "Widen it in extracted modules, for reading",
          disposition: "safe",
          command: findInCache(facts, `${inside} ! -type l -exec setfacl -m m::rX {} +`),
        },
      ],
    };
  },
};

function granted(acl: Acl): number {
  let permissions = acl.group;
  for (const bits of acl.users.values()) permissions |= bits;
  for (const bits of acl.groups.values()) permissions |= bits;
  return permissions;
}

/** A mask is right to hide the x of a file, and the w of what Go keeps read-only. */
function rightsThatMatter({ kind, entry }: CacheEntry): number {
  if (kind === "module-directory" || kind === "source-directory") return 5;
  if (entry.type === "directory") return 7;
  return kind === "lock" || kind === "list" || kind === "ziphash" || kind === "side-lock" ? 6 : 4;
}
