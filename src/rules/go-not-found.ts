// No go program was found: what is said about settings comes from Go's documented defaults.
import type { FactRule } from "./rule.ts";
import { titleFor } from "./shared/setting.ts";

export const goNotFound: FactRule = {
  id: "go-not-found",
  severity: "advice",
  title: "no go program was found",
  looksAt: "facts",
  check: (facts) => {
    if (facts.go.program !== undefined) return [];
    return [
      {
        message: `No go program was found on PATH or in the usual places; GOMODCACHE is taken to be ${facts.cache.path || "unset"}`,
        paths: [],
        count: 1,
        why: "Without go, its settings come from the environment, from the file of go env -w and from Go's defaults",
        fixes: [
          {
            title: titleFor(facts, "If go is installed elsewhere, add its directory to PATH"),
            disposition: "safe",
            command: 'export PATH="$PATH:/opt/go/bin"',
          },
        ],
      },
    ];
  },
};
