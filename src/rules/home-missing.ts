// HOME is unset, is /, does not exist or cannot be written, and caches that go keeps below it fail for that.
import type { Facts } from "../facts/facts.ts";
import type { FindingDraft, Fix } from "../finding/finding.ts";
import type { FactRule } from "./rule.ts";
import { makeFix } from "./shared/directory.ts";
import { type BrokenHome, brokenHome } from "./shared/home.ts";
import { pathOf, shellQuote, subjectName } from "./shared/say.ts";
import { titleFor } from "./shared/setting.ts";

export const homeMissing: FactRule = {
  id: "home-missing",
  severity: "error",
  title: "HOME is missing or cannot hold Go's caches",
  looksAt: "facts",
  check: (facts) => {
    const broken = brokenHome(facts);
    // A HOME that leaves even GOMODCACHE unset is what cache-unset tells.
    if (broken === undefined || facts.cache.state === "unset") return [];
    const { home, problem, hurts } = broken;
    // Another user's environment is not ours to see: HOME may be set where that user runs go.
    if (!facts.subject.self && facts.subject.home === undefined) return [unknownHome(facts, broken)];
    return [
      {
        message: `${problem}, so go cannot create ${hurts.join(" and ")} for ${subjectName(facts)}`,
        paths: home === "" || home === "/" ? [] : [pathOf(home, undefined, facts)],
        count: hurts.length,
        subject: subjectName(facts),
        why: "Go keeps modules in $HOME/go/pkg/mod and build results in $HOME/.cache/go-build unless GOMODCACHE and GOCACHE say otherwise. A user without an entry in /etc/passwd gets HOME=/ from most container engines",
        fixes: [...homeFixes(facts, broken), throwaway(facts, broken)],
      },
    ];
  },
};

function unknownHome(facts: Facts, broken: BrokenHome): FindingDraft {
  return {
    message: `the user database knows no home of ${subjectName(facts)}: go needs HOME or ${broken.hurts.join(" and ")} to be set wherever it runs`,
    paths: [],
    count: 1,
    subject: subjectName(facts),
    why: "A user without an entry in /etc/passwd gets HOME=/ from most container engines, and cannot write there",
    fixes: [throwaway(facts, broken)],
    severity: "warning",
    confidence: "likely",
  };
}

function homeFixes(facts: Facts, { home }: BrokenHome): Fix[] {
  const known = facts.subject.home;
  if (known !== undefined && known !== "/" && known !== home) {
    return [
      {
        title: titleFor(facts, "Set the home directory of the user database"),
        disposition: "safe",
        command: `export HOME=${shellQuote(known)}`,
      },
    ];
  }
  return home === "" || home === "/" ? [] : [makeFix(facts, home)];
}

function throwaway(facts: Facts, { hurts }: BrokenHome): Fix {
  return {
    title: titleFor(facts, "Or give go directories of its own; nothing is kept after this job"),
    disposition: "safe",
    command: hurts.map((name) => `export ${name}="$(mktemp -d)"`).join("; "),
  };
}
