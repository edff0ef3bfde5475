// A group share by setgid directories that decays: the group is handed on, but each user's umask takes the write bit away.
import { handsOnAllow } from "../permission/darwin-ownership.ts";
import type { EntryRule } from "./rule.ts";
import { shareWithGroup } from "./shared/grant.ts";
import { groupName, pathsOf, plural } from "./shared/say.ts";
import { ownersOf } from "./shared/sharing.ts";
import { findInCache, outsideModules } from "./shared/shell.ts";

export const setgidWithoutAcl: EntryRule = {
  id: "setgid-without-acl",
  severity: "warning",
  title: "a setgid share without default ACL that decays: newer directories are not writable by the group",
  looksAt: "entries",
  kinds: ["directory", "version-directory"],
  departs: ({ entry, parent }) =>
    parent !== undefined &&
    (parent.mode & 0o2020) === 0o2020 &&
    parent.defaultAcl === undefined &&
    !handsOnAllow(parent, "directory_inherit") &&
    entry.type === "directory" &&
    (entry.mode & 0o020) === 0,
  conclude: (hits, facts) => {
    const first = hits.examples[0];
    if (first?.parent === undefined) return undefined;
    const group = groupName(first.parent.gid, facts);
    return {
      message: `${plural(hits.count, "directory", "directories")} in directories of group ${group} cannot be written by the group: its members cannot add modules there`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: `members of group ${group} but ${ownersOf(hits, facts)}`,
      why: "A setgid directory hands on its group, not its write bit: with the usual umask of 022 each new directory is closed to the group. The share decays with every new module. A default ACL replaces the umask.",
      fixes: [
        {
          title: "Share by a default ACL, which no umask weakens",
          disposition: "safe",
          command: shareWithGroup(facts, first.parent.gid),
        },
        {
          title: "Without ACLs: open what there is, and set umask 002 for every user",
          disposition: "safe",
          command: `${findInCache(facts, `${outsideModules(facts)} -type d -group ${first.parent.gid} ! -perm -2020 -exec chmod g+ws {} +`)} && umask 002`,
        },
      ],
    };
  },
};
