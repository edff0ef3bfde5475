// go is there, but `go env` failed, hung, or could not be run safely.
import type { FactRule } from "./rule.ts";
import { pathOf, shellQuote, subjectName } from "./shared/say.ts";
import { titleFor } from "./shared/setting.ts";

export const goNotAnswering: FactRule = {
  id: "go-not-answering",
  severity: "warning",
  title: "go could not be asked for its settings",
  looksAt: "facts",
  check: (facts) => {
    const { program, problem } = facts.go;
    if (program === undefined || problem === undefined) return [];
    return [
      {
        message: `${program} could not be asked for the settings of ${subjectName(facts)}; GOMODCACHE is taken to be ${facts.cache.path || "unset"}`,
        paths: [pathOf(program, undefined, facts)],
        count: 1,
        why: problem,
        confidence: "certain",
        fixes: [
          {
            title: titleFor(facts, "Ask it yourself, and say which cache is meant"),
            disposition: "safe",
            command: `gomodcache doctor --cache-dir "$(${shellQuote(program)} env GOMODCACHE)"`,
          },
        ],
      },
    ];
  },
};
