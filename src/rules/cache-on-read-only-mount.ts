// The file system of the cache is mounted read-only: no owner or mode can make it writable.
import type { Facts } from "../facts/facts.ts";
import type { Severity } from "../finding/finding.ts";
import type { FactRule } from "./rule.ts";
import { isEmptyCache, ownCacheFix, proxyFix } from "./shared/directory.ts";
import { remount } from "./shared/grant.ts";
import { pathOf } from "./shared/say.ts";

export const cacheOnReadOnlyMount: FactRule = {
  id: "cache-on-read-only-mount",
  severity: "warning",
  title: "the module cache is on a read-only mount",
  looksAt: "facts",
  check: (facts) => {
    const { cache } = facts;
    if (cache.mount?.readOnly !== true || (cache.state !== "directory" && cache.state !== "missing")) return [];
    const useless = cache.state === "missing" || isEmptyCache(facts);
    return [
      {
        message: `${cache.path} is on ${cache.mount.mountPoint}, which is mounted read-only: ${consequence(facts, useless)}`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: "No chown or chmod helps, and not even root can write. If nobody mounted it so, the kernel did after a disk error: dmesg tells",
        severity: severityOf(facts, useless),
        fixes: [
          ownCacheFix(facts),
          ...(useless ? [] : [proxyFix(facts)]),
          {
            title: "If it should be writable, mount it so",
            disposition: "unsafe",
            command: remount(facts, "rw", cache.mount.mountPoint),
          },
        ],
      },
    ];
  },
};

function severityOf(facts: Facts, useless: boolean): Severity {
  if (useless || facts.project?.complete === false) return "error";
  return facts.project?.complete === true ? "advice" : "warning";
}

function consequence(facts: Facts, useless: boolean): string {
  if (useless) return "it holds nothing, so every go command that needs a module fails for every user";
  if (facts.project?.complete === false)
    return `the project ${facts.project.directory} needs modules that are not in it`;
  return "builds work as long as all their modules are in it, but nobody can download others";
}
