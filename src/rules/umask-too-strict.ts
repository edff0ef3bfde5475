// The subject's umask takes away bits that the cache's sharing needs: what this user downloads, the others cannot use.
import type { Facts } from "../facts/facts.ts";
import { handsOnAllow } from "../permission/darwin-ownership.ts";
import { type Entry, octal } from "../permission/entry.ts";
import { inGroup } from "../permission/subject.ts";
import type { FactRule } from "./rule.ts";
import { asRoot, isInside } from "./shared/directory.ts";
import { groupName, pathOf, shellQuote, subjectName } from "./shared/say.ts";
import { titleFor } from "./shared/setting.ts";

export const umaskTooStrict: FactRule = {
  id: "umask-too-strict",
  severity: "warning",
  title: "the umask closes new modules to the others who share the cache",
  looksAt: "facts",
  check: (facts) => {
    const { cache } = facts;
    const { entry } = cache;
    if (cache.state !== "directory" || entry === undefined || cache.writable?.verdict !== "yes") return [];
    // A default ACL takes the place of the umask (acl(5)); on macOS inherited entries count before the mode.
    if (entry.defaultAcl !== undefined || handsOnAllow(entry, "file_inherit")) return [];
    const { umask } = facts.subject.subject;
    const lost = neededBits(entry, facts) & umask;
    if (lost === 0) return [];
    const wanted = umask & ~lost;
    return [
      {
        message: `With umask ${octal(umask)}, what ${subjectName(facts)} downloads into ${cache.path} is closed to ${closedTo(lost, entry, facts)}`,
        paths: [pathOf(cache.path, entry, facts)],
        count: 1,
        subject: closedTo(lost, entry, facts),
        why: `${cache.path} has mode ${octal(entry.mode)}, so it is meant to be shared, but Go makes its files with 0666 and directories with 0777 less the umask, and the group of a directory does not change that`,
        confidence: facts.subject.self ? "certain" : "likely",
        fixes: [
          {
            title: titleFor(facts, "Use a umask that fits, before go runs"),
            disposition: "safe",
            command: `umask ${octal(wanted)}`,
          },
          ...((lost & 0o070) === 0 || facts.platform === "darwin"
            ? []
            : [
                {
                  title:
                    "Or give the group its rights by a default ACL, whatever the umask (for what is made from now on)",
                  disposition: "safe" as const,
                  command: asRoot(facts, `setfacl -R -m ${defaultAcl(entry)} ${shellQuote(cache.path)}`),
                },
              ]),
        ],
      },
    ];
  },
};

/** The group and other bits that new entries must have for the users with whom the cache is evidently shared. */
function neededBits(entry: Entry, facts: Facts): number {
  const { subject, home } = facts.subject;
  let needed = 0;
  // A directory of another group than the subject's own, which the subject may use, or one that hands on its group.
  const shared = (entry.mode & 0o2000) !== 0 || (entry.gid !== subject.gid && inGroup(subject, entry.gid));
  if (shared) needed |= entry.mode & 0o070;
  const own = entry.uid === subject.uid && home !== undefined && isInside(facts.cache.path, home);
  // The group class is asked before the others, so members of the group need the bits as well.
  if (!own && (entry.mode & 0o055) === 0o055) needed |= 0o055;
  return needed;
}

function closedTo(lost: number, entry: Entry, facts: Facts): string {
  const group = groupName(entry.gid, facts);
  if ((lost & 0o007) !== 0) return "other users";
  return (lost & 0o040) !== 0 ? `the group ${group}` : `writers in the group ${group}`;
}

function defaultAcl(entry: Entry): string {
  const bits = (shift: number): string => {
    const permissions = (entry.mode >> shift) & 7;
    return `${permissions & 4 ? "r" : "-"}${permissions & 2 ? "w" : "-"}${permissions & 1 ? "x" : "-"}`;
  };
  return `d:u::rwx,d:g::${bits(3)},d:g:${entry.gid}:${bits(3)},d:o::${bits(0)}`;
}
