// GOFLAGS=-modcacherw leaves the directories of extracted modules writable; in a shared cache, for the others too.
import type { Facts } from "../facts/facts.ts";
import { createdEntry } from "../permission/creation.ts";
import { octal } from "../permission/entry.ts";
import type { FactRule } from "./rule.ts";
import { groupName, pathOf, shellQuote } from "./shared/say.ts";
import { goFlags, isFlag, setCommand, titleFor, unsetCommand } from "./shared/setting.ts";

export const modcacherwShared: FactRule = {
  id: "modcacherw-shared",
  severity: "warning",
  title: "-modcacherw lets other users change extracted modules",
  looksAt: "facts",
  check: (facts) => {
    const flags = goFlags(facts);
    if (!flags.some((word) => isFlag(word, "modcacherw"))) return [];
    const writers = otherWriters(facts);
    if (writers === undefined) return [];
    const rest = flags.filter((word) => !isFlag(word, "modcacherw")).join(" ");
    return [
      {
        message: `GOFLAGS contains -modcacherw in a shared cache: ${writers.who} can put other code into the modules that everybody builds`,
        paths: [pathOf(facts.cache.path, facts.cache.entry, facts)],
        count: 1,
        why: `Extracted directories get mode ${octal(writers.mode)} instead of ${octal(writers.mode & ~0o222)}. Their files stay read-only, but who can write a directory can replace its files, and go build does not check them again`,
        fixes: [
          {
            title: titleFor(facts, "Take the flag out; go clean -modcache deletes read-only directories too"),
            disposition: "safe",
            command: rest === "" ? unsetCommand(facts, "GOFLAGS") : setCommand(facts, "GOFLAGS", shellQuote(rest)),
          },
        ],
      },
    ];
  },
};

/** Who could write a directory that the subject makes in the cache, apart from the subject and a group of its own. */
function otherWriters(facts: Facts): { who: string; mode: number } | undefined {
  const { entry, state } = facts.cache;
  if (entry === undefined || state !== "directory") return undefined;
  const { subject } = facts.subject;
  const made = createdEntry(entry, subject, { type: "directory", mode: 0o777 });
  const mode = made.mode & 0o7777;
  if ((mode & 0o002) !== 0) return { who: "every user", mode };
  const mask = made.acl?.mask ?? 7;
  const named = [...(made.acl?.users.values() ?? []), ...(made.acl?.groups.values() ?? [])];
  if (named.some((permissions) => (permissions & mask & 2) !== 0)) {
    return { who: "everybody to whom the default ACL gives write", mode };
  }
  // Many systems give each user a group of the same number, in which nobody else is.
  const groupWrites = ((made.acl?.group ?? mode >> 3) & mask & 2) !== 0;
  return groupWrites && made.gid !== subject.uid ? { who: `the group ${groupName(made.gid, facts)}`, mode } : undefined;
}
