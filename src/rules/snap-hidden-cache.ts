// A program in a confined snap may not touch hidden directories of the user's home, whatever their modes say, and go's caches are in one.
import type { FactRule } from "./rule.ts";
import { isInside } from "./shared/directory.ts";
import { evidenceOf } from "./shared/host.ts";
import { pathOf, shellQuote } from "./shared/say.ts";
import { setCommand, titleFor } from "./shared/setting.ts";

export const snapHiddenCache: FactRule = {
  id: "snap-hidden-cache",
  severity: "error",
  title: "a confined snap cannot use a hidden directory of the home directory",
  looksAt: "facts",
  check: (facts) => {
    const evidence = evidenceOf(facts, "snap-confinement");
    const home = facts.environment["SNAP_REAL_HOME"] ?? facts.subject.home;
    if (evidence === undefined || home === undefined || home === "/") return [];
    const caches = [
      { name: "GOMODCACHE", path: facts.cache.path },
      { name: "GOCACHE", path: facts.go.env["GOCACHE"] ?? "" },
    ].filter(({ path }) => isHidden(path, home));
    const [first] = caches;
    if (first === undefined) return [];
    return [
      {
        message: `${caches.map(({ name, path }) => `${name} ${path}`).join(" and ")} ${caches.length === 1 ? "is" : "are"} hidden in ${home}: go that runs in this snap gets \`permission denied\` there`,
        paths: caches.map(({ path }) => pathOf(path, undefined, facts)),
        count: caches.length,
        subject: "every go command that this snap runs",
        why: `${evidence}. snapd's interface home lets a snap at files of the home directory, but not at those whose path begins with a dot there`,
        confidence: "likely",
        fixes: caches.map(({ name }) => ({
          title: titleFor(facts, `Give ${name} a place that is not hidden`),
          disposition: "safe" as const,
          command: setCommand(facts, name, shellQuote(visible(name, home))),
        })),
      },
    ];
  },
};

function isHidden(path: string, home: string): boolean {
  return isInside(path, home) && path.slice(home.length + 1).startsWith(".");
}

function visible(name: string, home: string): string {
  return name === "GOCACHE" ? `${home}/go/build` : `${home}/go/pkg/mod`;
}
