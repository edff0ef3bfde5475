// Root works in the caller's caches through sudo: what go writes then belongs to root, and the caller is locked out.
import type { Facts } from "../facts/facts.ts";
import type { FindingPath } from "../finding/finding.ts";
import type { Entry } from "../permission/entry.ts";
import type { FactRule } from "./rule.ts";
import { existing, isInside, placeNamed } from "./shared/directory.ts";
import { pathOf, shellQuote } from "./shared/say.ts";

export const sudoWithoutHome: FactRule = {
  id: "sudo-without-home",
  severity: "warning",
  title: "sudo runs go as root in the caller's caches",
  looksAt: "facts",
  check: (facts) => {
    const { sudo } = facts;
    if (sudo === undefined || sudo.uid === 0 || facts.subject.subject.uid !== 0 || !facts.subject.self) return [];
    const touched = callersCaches(facts, sudo.uid);
    if (touched.length === 0) return [];
    const home = facts.environment["HOME"];
    return [
      {
        message: `Under sudo, root works in the caches of ${sudo.user}: what go writes there belongs to root, and ${sudo.user} can no longer build`,
        paths: touched,
        count: touched.length,
        subject: `${sudo.user} (${sudo.uid})`,
        why:
          home === (facts.subject.home ?? "/root")
            ? `HOME is ${home}, but the settings of go still name directories of ${sudo.user}`
            : `sudo kept HOME=${home ?? ""}, and go derives its directories from it`,
        fixes: [
          {
            title: `Run go as ${sudo.user}, without sudo`,
            disposition: "safe",
            command: `sudo -u ${shellQuote(sudo.user)} -H go build ./...`,
          },
          {
            title: "If go must run as root, give it root's own directories",
            disposition: "safe",
            command: "sudo -H env -u GOMODCACHE -u GOPATH -u GOCACHE go build ./...",
          },
        ],
      },
    ];
  },
};

/** The caches that root would write to although they are the caller's. */
function callersCaches(facts: Facts, caller: number): FindingPath[] {
  const home = placeNamed(facts, "HOME");
  const homeOfCaller = home !== undefined && existing(home)?.uid === caller ? home.path : undefined;
  const isCallers = (path: string, entry: Entry | undefined): boolean =>
    entry === undefined ? homeOfCaller !== undefined && isInside(path, homeOfCaller) : entry.uid === caller;
  const caches: { path: string; entry: Entry | undefined }[] = [facts.cache].map(({ path, entry }) => ({
    path,
    entry,
  }));
  const buildCache = placeNamed(facts, "GOCACHE");
  if (buildCache !== undefined) caches.push({ path: buildCache.path, entry: existing(buildCache) });
  return caches
    .filter(({ path, entry }) => isCallers(path, entry))
    .map(({ path, entry }) => pathOf(path, entry, facts));
}
