// The subject can use the cache but not add to it. What is complete in it works; what is missing fails.
import type { Facts } from "../facts/facts.ts";
import type { Severity } from "../finding/finding.ts";
import { mayAccess } from "../permission/access.ts";
import type { FactRule } from "./rule.ts";
import { isEmptyCache, ownCacheFix, proxyFix, refusalOf, takeBackFix } from "./shared/directory.ts";
import { isClosedToArbitraryUid, isLeftByFormerUid } from "./shared/host.ts";
import { pathOf, subjectName } from "./shared/say.ts";

export const cacheNotWritable: FactRule = {
  id: "cache-not-writable",
  severity: "warning",
  title: "the module cache is not writable",
  looksAt: "facts",
  blocked: ({ cache }) =>
    cache.state === "directory" && cache.writable?.verdict === "unknown"
      ? `whether ${cache.path} is writable is not known: ${refusalOf(cache.writable)}`
      : undefined,
  check: (facts) => {
    const { cache } = facts;
    if (cache.state !== "directory" || cache.writable?.verdict !== "no") return [];
    // Another cause, with another cure: cache-on-read-only-mount.
    if (cache.mount?.readOnly === true) return [];
    // Two kinds of host have rules that know why: group-zero-cannot-write, devcontainer-uid-changed.
    if (isClosedToArbitraryUid(facts) || isLeftByFormerUid(facts)) return [];
    // Whoever cannot even enter it is told so by entry-not-readable-by-subject.
    if (cache.entry !== undefined && mayAccess(cache.entry, facts.subject.subject, "execute").verdict === "no")
      return [];
    const takeBack = takeBackFix(facts, cache.path, cache.entry);
    return [
      {
        message: `${subjectName(facts)} cannot write in ${cache.path}: ${consequence(facts)}`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        subject: subjectName(facts),
        why: refusalOf(cache.writable),
        severity: severityOf(facts),
        fixes: [
          ...(takeBack === undefined ? [] : [takeBack]),
          ownCacheFix(facts),
          ...(isEmptyCache(facts) ? [] : [proxyFix(facts)]),
        ],
      },
    ];
  },
};

function severityOf(facts: Facts): Severity {
  if (isEmptyCache(facts) || facts.project?.complete === false) return "error";
  return facts.project?.complete === true ? "advice" : "warning";
}

function consequence(facts: Facts): string {
  if (isEmptyCache(facts)) return "it is empty, so every go command that needs a module fails";
  if (facts.project?.complete === false) {
    return `the project ${facts.project.directory} needs modules that are not in it, so its build fails`;
  }
  return "builds work as long as all their modules are in it, but go get and go mod download of anything else fail";
}
