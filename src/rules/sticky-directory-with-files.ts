// Sticky directories that hold files of the cache: fs.protected_regular makes the kernel refuse what the modes grant.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { findInCache } from "./shared/shell.ts";

export const stickyDirectoryWithFiles: EntryRule = {
  id: "sticky-directory-with-files",
  severity: "warning",
  title: "sticky directories that hold files which several users write",
  looksAt: "entries",
  // Directories that hold only directories may be sticky: nothing there is opened with O_CREAT.
  kinds: ["directory", "version-directory", "vcs", "sumdb"],
  departs: ({ entry, kind, path }, facts) => {
    if (entry.type !== "directory" || (entry.mode & 0o1000) === 0 || (entry.mode & 0o022) === 0) return false;
    return kind !== "directory" || path === `${facts.cache.realPath}/cache`;
  },
  conclude: (hits, facts) => {
    const level = facts.kernel.protectedRegular;
    const world = hits.examples.some(({ entry }) => (entry.mode & 0o002) !== 0);
    const refused = level >= 2 || (level === 1 && world);
    return {
      message: `${plural(hits.count, "sticky directory holds", "sticky directories hold")} files that several users write: ${refused ? "the kernel refuses to open another user's lock file there" : "only the owner of a file can replace or delete it"}`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: "every user but the owner of the file",
      why: refused
        ? `fs.protected_regular is ${level}: opening an existing file of another user with O_CREAT, as go opens locks and lists, fails with \`permission denied\` in such a directory, even for root and even if the file's mode is 0666.`
        : "A rename or removal of another user's file fails with `operation not permitted`. Where fs.protected_regular is 1 or 2, as many distributions set it, go cannot open another user's lock file there either.",
      fixes: [
        {
          title: "Take the sticky bit away from directories that hold files",
          // Without the bit, every user who may write a world-writable directory may delete others' files.
          disposition: world ? "unsafe" : "safe",
          command: findInCache(facts, "-type d -perm -1000 -exec chmod -t {} +", "/cache"),
        },
      ],
    };
  },
};
